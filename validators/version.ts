/** Turns what the bundler writes in into the version of Tollgate. */
declare const TOLLGATE_VERSION: string | undefined;

/** That of `package.json`; `0.0.0-source` where the sources run as they are. */
export const VERSION: string = typeof TOLLGATE_VERSION === "string" ? TOLLGATE_VERSION : "0.0.0-source";
