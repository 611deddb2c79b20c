/** The version of Tollgate: written in by the bundler, else `0.0.0-source`. */
declare const TOLLGATE_VERSION: string | undefined;

export const VERSION: string = typeof TOLLGATE_VERSION === "string" ? TOLLGATE_VERSION : "0.0.0-source";
