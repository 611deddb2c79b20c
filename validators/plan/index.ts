/** The one door of `plan/`: bytes in, a Plan or an InputError out. */
export { detectKind, type Kind } from "./detect";
export { encodingOf } from "./encoding";
export { readJson, readJsonText } from "./json";
export { KeyFinder } from "./key-finder";
export type { Action, Change, Group, Json, Plan, ResourceHead, StandIns, StateResource } from "./plan";
export { type ReadOptions, readPlan } from "./read";
export { isObject, type JsonObject, member, type Wanted } from "./shape";
