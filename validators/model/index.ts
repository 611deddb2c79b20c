/** The one door of `model/`: a plan and its source in, the resource graph out. */
export { buildGraph, graphOfConfiguration } from "./build";
export type * from "./graph";
export { WANTED_TYPES } from "./wanted";
