/** Turns parsed elements of a plan or state into typed changes and resources, checking their form. */
import { InputError } from "../kernel/result";
import { formatAddress, parseAddress } from "./address";
import type { Action, Change, Json, ResourceHead, StateResource } from "./plan";

/** A JSON object. Its keys come from strangers: read them with {@link member}. */
export type JsonObject = { readonly [key: string]: Json };

/** Whether JSON is an object. */
export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

/** A member of a JSON object; `undefined` where there is none, or no object. */
export const member = (json: Json | undefined, key: string): Json | undefined =>
  isObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;

/** Tells every text in a value, names of members included; of a value that stands in it often once, where `seen` is given. */
export function eachText(json: Json, tell: (text: string) => void, seen?: Set<Json>): void {
  if (typeof json === "string") tell(json);
  if (typeof json !== "object" || json === null || seen?.has(json)) return;
  seen?.add(json);
  if (Array.isArray(json)) for (const item of json) eachText(item, tell, seen);
  else
    for (const [key, item] of Object.entries(json)) {
      tell(key);
      eachText(item, tell, seen);
    }
}

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

/** A shape while it is being built. */
type Draft<T> = { -readonly [K in keyof T]: T[K] };

/**
 * One element of `resource_changes` or `resource_drift`; `where` names it in errors. Written out member by member: a
 * large plan has hundreds of thousands of these, and spreading objects into each other costs more than parsing them.
 */
export function changeOf(json: Json, wanted: Wanted | undefined, where: () => string): Change {
  const head = headOf(json, where);
  const change = member(json, "change");
  const actions = member(change, "actions");
  if (!isObject(change) || !Array.isArray(actions) || !actions.every(isAction))
    throw new InputError(
      `unreadable plan: expected a \`change\` with known \`actions\` in ${where()} (\`${printable(head.address)}\`): a newer Terraform may have written it`,
    );
  refuseOtherValues(member(change, "before"), head, where);
  refuseOtherValues(member(change, "after"), head, where);
  const kept = keptOf(head, wanted);
  const beforeSensitive = maskOf(member(change, "before_sensitive"), kept);
  const isFormer = wanted !== undefined && beforeSensitive === NOTHING && !staysOrGoes(actions);
  const before = isFormer ? null : keep(member(change, "before"), kept);
  const after = isNoOp(actions) && isObject(before) ? before : keep(member(change, "after"), kept);
  const draft: Draft<Change> = {
    address: head.address,
    module: head.module,
    mode: head.mode,
    type: head.type,
    name: head.name,
    provider: head.provider,
    actions: sharedActions(actions),
    importing: isObject(member(change, "importing")),
    before,
    after,
    afterUnknown: maskOf(member(change, "after_unknown"), kept),
    beforeSensitive,
    afterSensitive: maskOf(member(change, "after_sensitive"), kept),
  };
  if (head.index !== undefined) draft.index = head.index;
  const deposed = member(json, "deposed");
  const previous = member(json, "previous_address");
  const reason = member(json, "action_reason");
  if (typeof deposed === "string") draft.deposed = deposed;
  if (typeof previous === "string") draft.previousAddress = previous;
  if (typeof reason === "string") draft.actionReason = reason;
  return draft;
}

/** One resource of `planned_values`, `prior_state` or a state's `values`; `where` names it in errors. */
export function stateResourceOf(json: Json, wanted: Wanted | undefined, where: () => string): StateResource {
  const head = headOf(json, where);
  const kept = keptOf(head, wanted);
  refuseOtherValues(member(json, "values"), head, where);
  const values = keep(member(json, "values"), kept);
  return { ...head, values, sensitive: maskOf(member(json, "sensitive_values"), kept) };
}

/** Attributes come as an object, or not at all: anything else would be read as a resource that sets nothing. */
function refuseOtherValues(json: Json | undefined, { address }: ResourceHead, where: () => string): void {
  if (json !== undefined && json !== null && !isObject(json))
    throw new InputError(
      `unreadable plan: expected the attributes of ${where()} (\`${printable(address)}\`) as an object`,
    );
}

/** What such a resource is, to tell whether the rest of it is needed. */
export const identityOf = (json: Json, where: () => string): Pick<StateResource, "address" | "mode"> =>
  headOf(json, where);

/**
 * What all of them begin with. `type`, `name`, `mode` and module are told from the address where they are missing, and
 * the address from them (Terraform 1.0.0 wrote `resource_drift` without addresses).
 */
function headOf(json: Json, where: () => string): ResourceHead {
  const given = text(json, "address");
  const givenType = text(json, "type");
  const givenName = text(json, "name");
  const givenMode = text(json, "mode");
  const givenModule = text(json, "module_address");
  // Terraform leaves `module_address` out in the root module, where the address then begins with the type.
  const isPlain = given !== undefined && givenType !== undefined && givenName !== undefined && givenMode !== undefined;
  const isWhole = isPlain && (givenModule !== undefined || !given.startsWith("module."));
  const parts = given === undefined || isWhole ? undefined : parseAddress(given);
  const type = givenType ?? parts?.type;
  const name = givenName ?? parts?.name;
  if (type === undefined || name === undefined)
    throw new InputError(`unreadable plan: expected \`address\`, \`type\` and \`name\` in ${where()}`);
  const found = member(json, "index");
  const index = typeof found === "string" || typeof found === "number" ? found : undefined;
  const module = shared(givenModule ?? parts?.module ?? "");
  const mode = (givenMode ?? parts?.mode) === "data" ? "data" : "managed";
  const head: Draft<ResourceHead> = {
    address: given ?? formatAddress({ module, mode, type, name }, index),
    module,
    mode,
    type: shared(type),
    name: shared(name),
    provider: shared(text(json, "provider_name") ?? ""),
  };
  if (index !== undefined) head.index = index;
  return head;
}

function text(json: Json, key: string): string | undefined {
  const found = member(json, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** Texts that stand in every element of a plan, each kept once. */
const texts = new Map<string, string>();
const MOST_TEXTS = 4096;

function shared(one: string): string {
  const known = texts.get(one);
  if (known !== undefined) return known;
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(one, one);
  return one;
}

const isNoOp = (actions: readonly Action[]): boolean => actions.length === 1 && actions[0] === "no-op";

/** Whether what a resource is before tells what it is after, or what is missed then. Else only its secrets matter. */
const staysOrGoes = (actions: readonly Action[]): boolean =>
  isNoOp(actions) || actions.includes("delete") || actions.includes("forget");

/** Lists of actions, each kept once. */
const lists = new Map<string, readonly Action[]>();

function sharedActions(actions: readonly Action[]): readonly Action[] {
  const name = actions.join();
  const known = lists.get(name);
  if (known !== undefined) return known;
  // a stranger's list may be of any length; Terraform's have two actions at most
  if (actions.length <= 2) lists.set(name, actions);
  return actions;
}

/** Longest text, and most elements of a list, that are kept of a type nobody asked for. */
const SHORT = 512;
const FEW = 32;

/** What is kept of the values of a resource: all, the attributes that are wanted, or short ones of any other type. */
type Kept = ReadonlySet<string> | "all" | "short";

function keptOf(head: ResourceHead, wanted: Wanted | undefined): Kept {
  if (wanted === undefined) return "all";
  return wanted.get(head.type) ?? (head.mode === "data" ? "all" : "short");
}

function keep(json: Json | undefined, kept: Kept): Json {
  if (kept === "all" || !isObject(json)) return json ?? null;
  const out: Draft<JsonObject> = {};
  for (const key of Object.keys(json)) {
    const value = json[key] ?? null;
    if (kept === "short" ? isShort(value) : value !== null && kept.has(key)) put(out, key, value);
  }
  return out;
}

/** Sets a member whose name a stranger chose. */
function put(out: Draft<JsonObject>, key: string, value: Json): void {
  if (key === "__proto__")
    Object.defineProperty(out, key, { value, enumerable: true, configurable: true, writable: true });
  else out[key] = value;
}

function isShort(json: Json): boolean {
  if (typeof json === "string") return json.length <= SHORT;
  if (Array.isArray(json)) return json.length <= FEW && json.every((item) => typeof item !== "object" && isShort(item));
  return json !== null && typeof json !== "object";
}

/** The mask of what is kept. */
function maskOf(json: Json | undefined, kept: Kept): Json {
  if (kept === "all" || !isObject(json)) return mask(json ?? null);
  return maskOfMembers(json, kept === "short" ? (_, inner) => isShort(inner) : (key) => kept.has(key));
}

const NOTHING: Json = false;

/** A mask without the branches that hold no `true`: most of Terraform's masks are empty shells. */
function mask(json: Json): Json {
  if (json === true) return true;
  if (Array.isArray(json)) {
    const items = json.map(mask);
    return items.some((item) => item !== false) ? items : NOTHING;
  }
  return isObject(json) ? maskOfMembers(json, () => true) : NOTHING;
}

function maskOfMembers(json: JsonObject, isKept: (key: string, inner: Json) => boolean): Json {
  let out: Draft<JsonObject> | undefined;
  for (const key of Object.keys(json)) {
    const inner = json[key];
    if (inner === undefined || inner === false || !isKept(key, inner)) continue;
    const masked = mask(inner);
    if (masked === false) continue;
    out ??= {};
    put(out, key, masked);
  }
  return out ?? NOTHING;
}

/** Foreign text made fit for one line of an error message. */
export function printable(foreign: string): string {
  const line = foreign.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069`]/g, "?");
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
