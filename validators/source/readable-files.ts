/** What expressions may read besides themselves: the seam between `source/`, which evaluates, and whoever holds the files. */

/** What stands in a folder. `unclear`: a link out of the project or to a folder, or something else that isn't followed. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder" | "unclear";
}

/**
 * Text files by path relative to the root module, without `.` and `..` (`policies/a.json`, `modules/key/policy.tftpl`), each
 * read when an expression names it. The same path gives the same answer each time. A map of texts is one.
 */
export interface ReadableFiles {
  /** The text of a file; `undefined` where there is none, or none that may be read. */
  get(path: string): string | undefined;
  /** What stands in a folder (`""` is the root module's); none where there is no such folder, `undefined` where it can't be told. */
  inFolder?(folder: string): readonly FolderEntry[] | undefined;
}
