/** Turns top-level blocks into a module: overrides applied, meta-arguments taken out of bodies. */
import type { Json } from "../plan/plan";
import type {
  Body,
  Expression,
  Module,
  ModuleCall,
  Output,
  Provider,
  Refactoring,
  Repetition,
  Resource,
  Variable,
} from "./configuration";
import { jsonBody, type TopBlock } from "./top-blocks";

/** A module of blocks. `overrides` come from `*_override` files: they change blocks that exist. Children come from `child`. */
export function assemble(
  blocks: readonly TopBlock[],
  overrides: readonly TopBlock[],
  child: (call: Pick<ModuleCall, "name" | "source">) => Module | undefined,
  directory?: string,
): Module {
  const merged = applyOverrides(blocks, overrides);
  const ofType = (type: string): TopBlock[] => merged.filter((block) => block.type === type);
  const resources = [...ofType("resource"), ...ofType("data"), ...ofType("ephemeral")].map(toResource);
  return {
    resources: new Map(resources.map((resource) => [resource.address, resource])),
    locals: new Map(ofType("locals").flatMap((block) => [...block.body.arguments])),
    variables: byName(ofType("variable").map(toVariable)),
    outputs: byName(ofType("output").map(toOutput)),
    calls: byName(ofType("module").map((block) => toCall(block, child))),
    providers: new Map(
      ofType("provider")
        .map(toProvider)
        .map((provider) => [provider.key, provider]),
    ),
    refactorings: merged.filter(isRefactoring).map(toRefactoring),
    hasSource: true,
    ...(directory === undefined ? {} : { directory }),
  };
}

const byName = <T extends { readonly name: string }>(items: readonly T[]): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [item.name, item]));

const identity = (block: TopBlock): string => {
  const alias = block.type === "provider" ? (wordOf(block.body.arguments.get("alias")) ?? "") : "";
  return JSON.stringify([block.type, ...block.labels, alias]);
};

function applyOverrides(blocks: readonly TopBlock[], overrides: readonly TopBlock[]): readonly TopBlock[] {
  if (overrides.length === 0) return blocks;
  const result = [...blocks];
  for (const override of overrides) {
    const at = result.findIndex((block) => identity(block) === identity(override));
    const existing = result[at];
    // locals are merged name by name because the later definition wins; the rest needs something to override
    if (override.type === "locals" || existing === undefined) result.push(override);
    else result[at] = { ...existing, body: overridden(existing.body, override.body) };
  }
  return result;
}

/** Arguments replace arguments; nested blocks of a type replace all blocks of that type; lifecycles are merged. */
function overridden(body: Body, by: Body): Body {
  const types = new Set([...by.blocks.map((block) => block.type), ...by.arguments.keys()]);
  types.delete("lifecycle");
  const kept = [...body.arguments].filter(([name]) => !types.has(name));
  return {
    arguments: new Map([...kept, ...by.arguments]),
    blocks: [...body.blocks.filter((block) => !types.has(block.type)), ...by.blocks],
    complete: body.complete && by.complete,
  };
}

/** Nested blocks of a type, native or JSON. */
function nested(body: Body, type: string): Body[] {
  const blocks = body.blocks.filter((block) => block.type === type).map((block) => block.body);
  const argument = body.arguments.get(type);
  if (argument?.kind !== "json") return blocks;
  const list: readonly Json[] = Array.isArray(argument.value) ? argument.value : [argument.value];
  for (const item of list) {
    if (typeof item === "object" && item !== null && !Array.isArray(item)) {
      blocks.push(jsonBody(item as { readonly [key: string]: Json }, argument.position?.file ?? ""));
    }
  }
  return blocks;
}

/** A body without meta-arguments, which no provider sees. */
function withoutMeta(body: Body, meta: ReadonlySet<string>): Body {
  return {
    arguments: new Map([...body.arguments].filter(([name]) => !meta.has(name))),
    blocks: body.blocks.filter((block) => !meta.has(block.type)),
    complete: body.complete,
  };
}

const resourceMeta = new Set(["count", "for_each", "provider", "depends_on", "lifecycle", "provisioner", "connection"]);
const callMeta = new Set(["count", "for_each", "providers", "depends_on", "source", "version"]);

function repetition(body: Body): Repetition {
  const count = body.arguments.get("count");
  const forEach = body.arguments.get("for_each");
  return { ...(count === undefined ? {} : { count }), ...(forEach === undefined ? {} : { forEach }) };
}

function toResource(block: TopBlock): Resource {
  const [type = "", name = ""] = block.labels;
  const mode = block.type === "resource" ? "managed" : block.type === "data" ? "data" : "ephemeral";
  const lifecycles = nested(block.body, "lifecycle");
  const preventDestroy = lifecycles.map((body) => body.arguments.get("prevent_destroy")).findLast(Boolean);
  const ignored = lifecycles.map((body) => body.arguments.get("ignore_changes")).findLast(Boolean);
  return {
    mode,
    type,
    name,
    address: `${mode === "managed" ? "" : `${mode}.`}${type}.${name}`,
    provider: wordOf(block.body.arguments.get("provider")) ?? type.split("_", 1)[0] ?? type,
    body: withoutMeta(block.body, resourceMeta),
    ...repetition(block.body),
    lifecycle: {
      ...(preventDestroy === undefined ? {} : { preventDestroy }),
      ignoreChanges: ignored === undefined ? [] : wordsOf(ignored),
    },
    position: block.position,
    ...(block.construct === undefined ? {} : { construct: block.construct }),
  };
}

function toVariable(block: TopBlock): Variable {
  const given = block.body.arguments;
  const fallback = given.get("default");
  const type = textOf(given.get("type"));
  return {
    name: block.labels[0] ?? "",
    // JSON syntax takes a default literally: there is nothing that it could refer to
    ...(fallback === undefined
      ? {}
      : { default: fallback.kind === "json" ? { kind: "constant", value: fallback.value } : fallback }),
    ...(type === undefined ? {} : { type }),
    nullable: wordOf(given.get("nullable")) !== "false",
    sensitive: wordOf(given.get("sensitive")) === "true",
    ephemeral: wordOf(given.get("ephemeral")) === "true",
  };
}

const toOutput = (block: TopBlock): Output => ({
  name: block.labels[0] ?? "",
  value: block.body.arguments.get("value") ?? { kind: "constant", value: null },
  sensitive: wordOf(block.body.arguments.get("sensitive")) === "true",
});

function toCall(block: TopBlock, child: (call: Pick<ModuleCall, "name" | "source">) => Module | undefined): ModuleCall {
  const name = block.labels[0] ?? "";
  const source = wordOf(block.body.arguments.get("source")) ?? "";
  const module = child({ name, source });
  return {
    name,
    source,
    arguments: withoutMeta(block.body, callMeta).arguments,
    providers: providersOf(block.body.arguments.get("providers")),
    ...repetition(block.body),
    ...(module === undefined ? {} : { module }),
    position: block.position,
    ...(block.construct === undefined ? {} : { construct: block.construct }),
  };
}

/** `providers = { aws = aws.west }` as names. */
function providersOf(expression: Expression | undefined): ReadonlyMap<string, string> {
  if (expression?.kind === "json" && typeof expression.value === "object" && expression.value !== null) {
    return new Map(
      Object.entries(expression.value).map(([name, value]) => [name, typeof value === "string" ? bare(value) : ""]),
    );
  }
  if (expression?.kind !== "hcl" || expression.text.length > 10_000) return new Map();
  const pairs = expression.text.matchAll(/"?([\w.-]+)"?\s*[=:]\s*"?([\w.-]+)"?/g);
  return new Map([...pairs].map(([, name = "", value = ""]) => [name, value]));
}

function toProvider(block: TopBlock): Provider {
  const name = block.labels[0] ?? "";
  const alias = wordOf(block.body.arguments.get("alias"));
  return {
    key: alias === undefined ? name : `${name}.${alias}`,
    name,
    ...(alias === undefined ? {} : { alias }),
    body: withoutMeta(block.body, new Set(["alias", "version"])),
    position: block.position,
  };
}

const isRefactoring = (block: TopBlock): block is TopBlock & { type: Refactoring["kind"] } =>
  block.type === "moved" || block.type === "import" || block.type === "removed";

function toRefactoring(block: TopBlock & { type: Refactoring["kind"] }): Refactoring {
  const given = block.body.arguments;
  const [from, to] = [textOf(given.get("from")), textOf(given.get("to"))];
  const [id, forEach] = [given.get("id"), given.get("for_each")];
  const destroys = nested(block.body, "lifecycle").every((body) => wordOf(body.arguments.get("destroy")) !== "false");
  return {
    kind: block.type,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(id === undefined ? {} : { id }),
    ...(forEach === undefined ? {} : { forEach }),
    destroys,
    position: block.position,
  };
}

/** Text without the `${…}` that old versions of JSON syntax put around names. */
function bare(text: string): string {
  const trimmed = text.trim();
  const isWrapped = trimmed.startsWith("${") && trimmed.indexOf("}") === trimmed.length - 1;
  return isWrapped ? trimmed.slice(2, -1).trim() : trimmed;
}

/** The text of an expression that is written like a name: `aws.west`, `set(string)`. */
function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === "hcl") return expression.text;
  const value = expression?.kind === "json" ? expression.value : undefined;
  return typeof value === "string" ? bare(value) : typeof value === "boolean" ? String(value) : undefined;
}

/** The same, without the quotes of native syntax. */
const wordOf = (expression: Expression | undefined): string | undefined =>
  textOf(expression)?.replace(/^"([^"\\]*)"$/, "$1");

/** The names in `[tags, "a"]`, or `all`. */
function wordsOf(expression: Expression): string[] {
  if (expression.kind === "json") {
    const list: readonly Json[] = Array.isArray(expression.value) ? expression.value : [expression.value];
    return list.filter((word) => typeof word === "string");
  }
  return expression.kind === "hcl" ? (expression.text.match(/[\w.-]+/g) ?? []) : [];
}
