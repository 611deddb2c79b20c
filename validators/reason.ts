/** Turns what a file system says went wrong into the user's words. */

/** Whether the operating system refused something. Not by `instanceof Error`: in jest its errors are another realm's. */
export const isSystemError = (error: unknown): error is { readonly code: unknown } =>
  typeof error === "object" && error !== null && "code" in error && "syscall" in error;

/** Whether nothing is at a path: no such name, or a file where a folder of the path should be. */
export const isMissing = (error: unknown): boolean =>
  isSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR");

/** The reason, without path and stop: `the disk is full`. */
export function reasonOf(error: unknown): string {
  if (isMissing(error)) return "there is no such file";
  const code = isSystemError(error) ? error.code : undefined;
  switch (code) {
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
