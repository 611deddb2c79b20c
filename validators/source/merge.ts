/** Turns a plan's configuration and the source behind it into one configuration: the plan says what, the source says how. */
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

/**
 * A plan's configuration with what the source knows better: the plan says what exists, the source says the expressions,
 * locals, lifecycles and positions. What only the source has is left out, except locals and refactorings. Where the two
 * disagree (source from another day), the plan is right, and what the source says of that spot is left out.
 */
export function merge(plan: Module, source: Module): Module {
  return {
    resources: mapValues(plan.resources, (resource, key) => mergeResource(resource, source.resources.get(key))),
    locals: source.locals,
    variables: mapValues(plan.variables, (variable, key) => mergeVariable(variable, source.variables.get(key))),
    outputs: mapValues(plan.outputs, (output, key) => mergeOutput(output, source.outputs.get(key))),
    calls: mapValues(plan.calls, (call, key) => mergeCall(call, source.calls.get(key))),
    providers: mapValues(plan.providers, (provider, key) => mergeProvider(provider, source.providers.get(key))),
    refactorings: source.refactorings,
    hasSource: source.hasSource,
    ...(source.directory === undefined ? {} : { directory: source.directory }),
  };
}

const mapValues = <T>(map: ReadonlyMap<string, T>, change: (value: T, key: string) => T): ReadonlyMap<string, T> =>
  new Map([...map].map(([key, value]) => [key, change(value, key)]));

/** `{ [name]: value }`, or nothing where there is no value. */
const given = <K extends string, T>(name: K, value: T | undefined): { readonly [key in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: T };

function mergeResource(plan: Resource, source: Resource | undefined): Resource {
  if (source === undefined) return plan;
  return {
    ...plan,
    body: mergeBody(plan.body, source.body),
    ...mergeRepetition(plan, source),
    lifecycle: source.lifecycle,
    ...given("position", source.position),
    ...given("construct", source.construct),
  };
}

/** Plan JSON leaves out a `count` or `for_each` that refers to nothing. */
function mergeRepetition(plan: Repetition, source: Repetition): Repetition {
  return {
    ...given("count", source.count ? mergeExpression(plan.count ?? nothing, source.count) : plan.count),
    ...given("forEach", source.forEach ? mergeExpression(plan.forEach ?? nothing, source.forEach) : plan.forEach),
  };
}

const nothing: Expression = { kind: "references", references: [] };

function mergeBody(plan: Body, source: Body): Body {
  const members = [...plan.arguments].map(([name, expression]): [string, Expression] => {
    const better = source.arguments.get(name);
    return [name, better === undefined ? expression : mergeExpression(expression, better)];
  });
  const types = new Set([...plan.blocks, ...source.blocks.filter((block) => block.dynamic)].map((block) => block.type));
  const blocks = [...types].flatMap((type) => mergeBlocks(ofType(plan, type), ofType(source, type)));
  return { arguments: new Map(members), blocks, complete: source.complete };
}

const ofType = (body: Body, type: string): readonly Block[] => body.blocks.filter((block) => block.type === type);

/** Plan JSON has the static blocks only. */
function mergeBlocks(plan: readonly Block[], source: readonly Block[]): readonly Block[] {
  const dynamic = source.filter((block) => block.dynamic !== undefined);
  if (source.length - dynamic.length !== plan.length) return [...plan, ...dynamic];
  let next = 0;
  return source.map((block) => {
    const known = block.dynamic === undefined ? plan[next++] : undefined;
    return known === undefined ? block : { ...block, body: mergeBody(known.body, block.body) };
  });
}

/** The source's expression where the plan has none of its own and the two mention the same. */
function mergeExpression(plan: Expression, source: Expression): Expression {
  if (plan.kind === "references") return mentions(source, plan.references) ? source : plan;
  if (plan.kind === "json" && source.kind === "json" && JSON.stringify(plan.value) === JSON.stringify(source.value))
    return source;
  return plan;
}

/** Whether an expression's text holds each of the references that the plan saw in it. */
function mentions(expression: Expression, references: readonly string[]): boolean {
  const text =
    expression.kind === "hcl" ? expression.text : JSON.stringify("value" in expression ? expression.value : null);
  const plain = text.replace(/\s+/g, "");
  return references.every((reference) => {
    const [head = ""] = reference.split("[", 1);
    return plain.includes(head.replace(/\s+/g, ""));
  });
}

function mergeVariable(plan: Variable, source: Variable | undefined): Variable {
  if (source === undefined) return plan;
  return {
    ...source,
    ...given("default", plan.default ?? source.default),
    sensitive: plan.sensitive || source.sensitive,
  };
}

const mergeOutput = (plan: Output, source: Output | undefined): Output =>
  source === undefined ? plan : { ...plan, value: mergeExpression(plan.value, source.value) };

function mergeCall(plan: ModuleCall, source: ModuleCall | undefined): ModuleCall {
  if (source === undefined) return plan;
  const members = [...plan.arguments].map(([name, expression]): [string, Expression] => {
    const better = source.arguments.get(name);
    return [name, better === undefined ? expression : mergeExpression(expression, better)];
  });
  const module = plan.module && source.module ? merge(plan.module, source.module) : (plan.module ?? source.module);
  return {
    ...plan,
    arguments: new Map(members),
    providers: source.providers,
    ...mergeRepetition(plan, source),
    ...given("module", module),
    ...given("position", source.position),
    ...given("construct", source.construct),
  };
}

const mergeProvider = (plan: Provider, source: Provider | undefined): Provider =>
  source === undefined
    ? plan
    : { ...plan, body: mergeBody(plan.body, source.body), ...given("position", source.position) };
