/** Turns the `configuration` section of plan JSON into modules. */
import type { Json } from "../plan/plan";
import type {
  Block,
  Body,
  Expression,
  Module,
  ModuleCall,
  Output,
  Provider,
  Repetition,
  Resource,
  Variable,
} from "./configuration";
import { isLiteral } from "./syntax/template";

type JsonObject = { readonly [key: string]: Json };

/** Modules and blocks nest, but not deeper than this. */
const deepest = 60;

/**
 * How a module was written. Plan JSON shows a JSON configuration's raw templates as `constant_value`; of native
 * configuration a `constant_value` is the value itself, and everything else only has `references`.
 */
type Syntax = "json" | "native" | "unclear";

/** The root module of `configuration` (`{ provider_config, root_module }`). Never throws: what it doesn't know it leaves out. */
export function fromPlanConfiguration(configuration: Json): Module {
  const root = member(configuration, "root_module");
  const module = readModule(root, 0);
  const syntax = syntaxOf(root);
  const providers = entries(member(configuration, "provider_config")).map(([key, json]) =>
    readProvider(key, json, syntax),
  );
  return { ...module, providers: new Map(providers.map((provider) => [provider.key, provider])) };
}

const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const member = (json: Json | undefined, name: string): Json | undefined =>
  isObject(json) && Object.hasOwn(json, name) ? json[name] : undefined;
const entries = (json: Json | undefined): [string, Json][] => (isObject(json) ? Object.entries(json) : []);
const list = (json: Json | undefined): readonly Json[] => (Array.isArray(json) ? json : []);
const textIn = (json: Json | undefined, name: string): string | undefined => {
  const found = member(json, name);
  return typeof found === "string" ? found : undefined;
};

/** Modules by the JSON that they are read from: `plan/` gives calls of the same module the same JSON. */
const modules = new WeakMap<object, Module>();

function readModule(json: Json | undefined, depth: number): Module {
  const known = isObject(json) ? modules.get(json) : undefined;
  if (known !== undefined) return known;
  const module = moduleOf(json, depth);
  if (isObject(json)) modules.set(json, module);
  return module;
}

function moduleOf(json: Json | undefined, depth: number): Module {
  const syntax = syntaxOf(json);
  const resources = list(member(json, "resources")).map((resource) => readResource(resource, syntax));
  const calls = depth > deepest ? [] : entries(member(json, "module_calls"));
  return {
    resources: new Map(resources.map((resource) => [resource.address, resource])),
    locals: new Map(),
    variables: new Map(
      entries(member(json, "variables")).map(([name, variable]) => [name, readVariable(name, variable)]),
    ),
    outputs: new Map(
      entries(member(json, "outputs")).map(([name, output]) => [name, readOutput(name, output, syntax)]),
    ),
    calls: new Map(calls.map(([name, call]) => [name, readCall(name, call, syntax, depth)])),
    providers: new Map(),
    refactorings: [],
    hasSource: false,
  };
}

/** Looks at all expressions of a module (not of its children) for signs of how it was written. */
function syntaxOf(module: Json | undefined): Syntax {
  const signs = new Set<Syntax>();
  const visit = (json: Json | undefined, depth: number): void => {
    if (depth > deepest || signs.size > 1) return;
    if (isExpression(json)) {
      const hasReferences = list(member(json, "references")).length > 0;
      const value = member(json, "constant_value");
      if (hasReferences) signs.add(value === undefined ? "native" : "json");
    } else
      for (const [name, inner] of isObject(json) ? Object.entries(json) : list(json).entries()) {
        if (name !== "module" && name !== "variables") visit(inner, depth + 1);
      }
  };
  for (const part of ["resources", "outputs", "module_calls"]) visit(member(module, part), 0);
  if (signs.has("json")) return "json";
  return signs.has("native") ? "native" : "unclear";
}

/** Whether JSON is an expression: it has a constant or a list of references. */
const isExpression = (json: Json | undefined): boolean => {
  const references = member(json, "references");
  const hasReferences = Array.isArray(references) && references.every((reference) => typeof reference === "string");
  const others = entries(json).filter(([name]) => name !== "references" && name !== "constant_value");
  return others.length === 0 && (hasReferences || member(json, "constant_value") !== undefined);
};

function readExpression(json: Json, syntax: Syntax): Expression {
  const references = list(member(json, "references")).filter((reference) => typeof reference === "string");
  const value = member(json, "constant_value");
  if (value === undefined) return { kind: "references", references };
  return isTemplate(value, references.length > 0, syntax) ? { kind: "json", value } : { kind: "constant", value };
}

/** Whether a `constant_value` is a raw template rather than a value. */
function isTemplate(value: Json, hasReferences: boolean, syntax: Syntax): boolean {
  if (hasReferences || syntax === "json") return true;
  return syntax === "unclear" && holdsTemplate(value, 0);
}

/** An IAM policy variable, `${aws:username}`, `${*}`: literal text in native configuration, and no expression of Terraform. */
const policyVariable = /\$\{(?:[\w.-]+:[^{}"$]*|[*?$])\}/g;

function holdsTemplate(json: Json, depth: number): boolean {
  if (depth > deepest) return true;
  if (typeof json === "string") return !isLiteral(json.replace(policyVariable, ""));
  if (Array.isArray(json)) return json.some((item: Json) => holdsTemplate(item, depth + 1));
  return entries(json).some(([name, item]) => holdsTemplate(name, depth + 1) || holdsTemplate(item, depth + 1));
}

/** The inside of a block: objects that are no expressions are nested blocks, arrays are lists of them. */
function readBody(json: Json | undefined, syntax: Syntax, depth = 0): Body {
  const members = new Map<string, Expression>();
  const blocks: Block[] = [];
  for (const [name, value] of entries(json)) {
    if (Array.isArray(value) && depth < deepest) {
      for (const item of value as readonly Json[]) blocks.push({ type: name, body: readBody(item, syntax, depth + 1) });
    } else if (isObject(value) && Object.keys(value).length > 0 && !isExpression(value) && depth < deepest) {
      blocks.push({ type: name, body: readBody(value, syntax, depth + 1) });
    } else members.set(name, readExpression(value, syntax));
  }
  return { arguments: members, blocks, complete: false };
}

function readRepetition(json: Json, syntax: Syntax): Repetition {
  const [count, forEach] = [member(json, "count_expression"), member(json, "for_each_expression")];
  return {
    ...(count === undefined ? {} : { count: readExpression(count, syntax) }),
    ...(forEach === undefined ? {} : { forEach: readExpression(forEach, syntax) }),
  };
}

function readResource(json: Json, syntax: Syntax): Resource {
  const mode = textIn(json, "mode");
  const [type, name] = [textIn(json, "type") ?? "", textIn(json, "name") ?? ""];
  const known = mode === "data" || mode === "ephemeral" ? mode : "managed";
  return {
    mode: known,
    type,
    name,
    address: `${known === "managed" ? "" : `${known}.`}${type}.${name}`,
    provider: textIn(json, "provider_config_key") ?? type.split("_", 1)[0] ?? type,
    body: readBody(member(json, "expressions"), syntax),
    ...readRepetition(json, syntax),
    lifecycle: { ignoreChanges: [] },
  };
}

function readVariable(name: string, json: Json): Variable {
  const fallback = member(json, "default");
  return {
    name,
    ...(fallback === undefined ? {} : { default: { kind: "constant", value: fallback } }),
    isUntold: true,
    nullable: member(json, "nullable") !== false,
    sensitive: member(json, "sensitive") === true,
    ephemeral: member(json, "ephemeral") === true,
  };
}

const readOutput = (name: string, json: Json, syntax: Syntax): Output => ({
  name,
  value: readExpression(member(json, "expression") ?? {}, syntax),
  sensitive: member(json, "sensitive") === true,
});

function readCall(name: string, json: Json, syntax: Syntax, depth: number): ModuleCall {
  return {
    name,
    source: textIn(json, "source") ?? "",
    arguments: new Map(
      entries(member(json, "expressions")).map(([key, expression]) => [key, readExpression(expression, syntax)]),
    ),
    providers: new Map(),
    ...readRepetition(json, syntax),
    module: readModule(member(json, "module"), depth + 1),
  };
}

function readProvider(key: string, json: Json, syntax: Syntax): Provider {
  const alias = textIn(json, "alias");
  return {
    key,
    name: textIn(json, "name") ?? key,
    ...(alias === undefined ? {} : { alias }),
    body: readBody(member(json, "expressions"), syntax),
  };
}
