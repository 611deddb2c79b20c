/** Turns what a file system says went wrong into the user's words. */

/** The reason, without path and stop: `the disk is full`. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EACCES":
    case "EPERM":
      return "it may not be read";
    case "EISDIR":
      return "it is a directory";
    case "ENOSPC":
      return "the disk is full";
    case "EROFS":
      return "the file system is read-only";
    default:
      return error instanceof Error ? (error.message.split("\n")[0] ?? "unknown error") : String(error);
  }
}
