/** Turns parsed elements of a plan or state into typed changes and resources, checking their form. */
import { InputError } from "../kernel/result";
import { formatAddress, parseAddress } from "./address";
import type { Action, Change, Json, StateResource } from "./plan";

/** A JSON object. Its keys come from strangers: read them with {@link member}. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether JSON is an object. */
export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** A member of a JSON object; `undefined` where there is none, or no object. */
export const member = (json: Json | undefined, key: string): Json | undefined =>
  isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;

const ACTIONS: ReadonlySet<string> = new Set<Action>([
  "no-op",
  "create",
  "read",
  "update",
  "delete",
  "forget",
  "open",
  "renew",
  "close",
]);
const isAction = (json: Json): json is Action => typeof json === "string" && ACTIONS.has(json);

/** What of a resource type is kept; see `ReadOptions` in `read.ts`. */
export type Wanted = ReadonlyMap<string, ReadonlySet<string> | "all">;

/** One element of `resource_changes` or `resource_drift`; `where` names it in errors. */
export function changeOf(json: Json, wanted: Wanted | undefined, where: string): Change {
  const head = headOf(json, where);
  const change = member(json, "change");
  const actions = member(change, "actions");
  if (!isObject(change) || !Array.isArray(actions) || !actions.every(isAction))
    throw new InputError(
      `unreadable plan: expected a \`change\` with known \`actions\` in ${where} (\`${printable(head.address)}\`): a newer Terraform may have written it`,
    );
  const keep = keeper(head, wanted);
  const before = keep(member(change, "before"));
  const after = isNoOp(actions) && isObject(before) ? before : keep(member(change, "after"));
  const deposed = member(json, "deposed");
  const previous = member(json, "previous_address");
  const reason = member(json, "action_reason");
  return {
    ...head,
    ...(typeof deposed === "string" ? { deposed } : {}),
    ...(typeof previous === "string" ? { previousAddress: previous } : {}),
    ...(typeof reason === "string" ? { actionReason: reason } : {}),
    actions,
    importing: isObject(member(change, "importing")),
    before,
    after,
    afterUnknown: mask(keep(member(change, "after_unknown"))),
    beforeSensitive: mask(keep(member(change, "before_sensitive"))),
    afterSensitive: mask(keep(member(change, "after_sensitive"))),
  };
}

/** One resource of `planned_values`, `prior_state` or a state's `values`; `where` names it in errors. */
export function stateResourceOf(json: Json, wanted: Wanted | undefined, where: string): StateResource {
  const head = headOf(json, where);
  const keep = keeper(head, wanted);
  return { ...head, values: keep(member(json, "values")), sensitive: mask(keep(member(json, "sensitive_values"))) };
}

interface Head {
  readonly address: string;
  readonly module: string;
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly index?: string | number;
  readonly provider: string;
}

/**
 * What all of them begin with. `type`, `name`, `mode` and module are told from the address where they are missing, and
 * the address from them (Terraform 1.0.0 wrote `resource_drift` without addresses).
 */
function headOf(json: Json, where: string): Head {
  const text = (key: string): string | undefined => {
    const found = member(json, key);
    return typeof found === "string" && found !== "" ? found : undefined;
  };
  const given = text("address");
  const parts = given === undefined ? undefined : parseAddress(given);
  const type = text("type") ?? parts?.type;
  const name = text("name") ?? parts?.name;
  if (type === undefined || name === undefined)
    throw new InputError(`unreadable plan: expected \`address\`, \`type\` and \`name\` in ${where}`);
  const found = member(json, "index");
  const index = typeof found === "string" || typeof found === "number" ? found : undefined;
  const module = text("module_address") ?? parts?.module ?? "";
  const mode = (text("mode") ?? parts?.mode) === "data" ? "data" : "managed";
  return {
    address: given ?? formatAddress({ module, mode, type, name }, index),
    module,
    mode,
    type,
    name,
    ...(index === undefined ? {} : { index }),
    provider: text("provider_name") ?? "",
  };
}

const isNoOp = (actions: readonly Action[]): boolean => actions.length === 1 && actions[0] === "no-op";

/** Longest text, and most elements of a list, that are kept of a type nobody asked for. */
const SHORT = 512;
const FEW = 32;

/** What is kept of the values of a resource: the attributes that are wanted, or else short ones of any other type. */
function keeper(head: Head, wanted: Wanted | undefined): (json: Json | undefined) => Json {
  const attributes = wanted === undefined ? "all" : wanted.get(head.type);
  if (attributes === "all" || (attributes === undefined && head.mode === "data")) return (json) => json ?? null;
  if (attributes !== undefined) return (json) => pruned(json, (key, value) => attributes.has(key) && value !== null);
  return (json) => pruned(json, (_, value) => isShort(value));
}

function pruned(json: Json | undefined, isKept: (key: string, value: Json) => boolean): Json {
  if (!isObject(json)) return json ?? null;
  return Object.fromEntries(Object.entries(json).filter(([key, value]) => isKept(key, value)));
}

function isShort(json: Json): boolean {
  if (typeof json === "string") return json.length <= SHORT;
  if (Array.isArray(json)) return json.length <= FEW && json.every((item) => typeof item !== "object" && isShort(item));
  return json !== null && typeof json !== "object";
}

const NOTHING: Json = false;

/** A mask without the branches that hold no `true`: most of Terraform's masks are empty shells. */
export function mask(json: Json): Json {
  if (json === true) return true;
  if (Array.isArray(json)) {
    const items = json.map(mask);
    return items.some((item) => item !== false) ? items : NOTHING;
  }
  if (!isObject(json)) return NOTHING;
  const entries = Object.entries(json)
    .map(([key, value]): [string, Json] => [key, mask(value)])
    .filter(([, value]) => value !== false);
  return entries.length === 0 ? NOTHING : Object.fromEntries(entries);
}

/** Foreign text made fit for one line of an error message. */
export function printable(foreign: string): string {
  const line = foreign.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069`]/g, "?");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
