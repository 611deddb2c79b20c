/** The kernel's one door: truth, value, result. It imports nothing. */
export * from "./result";
export * from "./rule-info";
export * from "./stand-in";
export * from "./truth";
export * from "./value";
