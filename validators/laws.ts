/** Turns a rule and its examples into the laws that it breaks: what every rule of Tollgate is held to (help/adding-a-rule.md). */
import { loadRuntime } from "./input";
import { judge } from "./judge/index";
import type { Report, Result, Verdict } from "./kernel/index";
import { graphOfConfiguration } from "./model/index";
import type { Example, Rule } from "./rules/index";
import {
  type Block,
  type Body,
  type Expression,
  fromHcl,
  type Module,
  type Resource,
  type Variable,
} from "./source/index";

/** What the laws say of a rule. */
export interface Lawfulness {
  /** A sentence for each law that is broken, with the place. A rule is fit for use when this is empty. */
  readonly broken: readonly string[];
  /**
   * Each step by which the passing examples were weakened without the rule minding. Some are right, since not everything
   * is the rule's business; whoever wrote it looks at each, and keeps the list in the test.
   */
  readonly unnoticed: readonly string[];
}

const NAME = "tollgate_unknown";
const UNKNOWN: Expression = { kind: "hcl", text: `var.${NAME}` };
const VARIABLE: Variable = { name: NAME, nullable: true, sensitive: false, ephemeral: false };

/** A configuration with one thing changed, and what that is. */
interface Variant {
  readonly step: string;
  readonly module: Module;
  /** Address of the resource that is gone, where one is. */
  readonly without?: string;
}

/** Holds a rule against the laws, by its `examples`. */
export async function lawsOf(rule: Rule): Promise<Lawfulness> {
  await loadRuntime();
  const broken = [...form(rule), ...rule.examples.flatMap((example) => ofExample(rule, example))];
  const passing = rule.examples.filter(({ says }) => says === "pass");
  const unnoticed = passing.flatMap((example) =>
    weakened(moduleOf(example)).flatMap(({ step, module, without }) =>
      without !== example.at && verdictAt(attempt(rule, module), example.at) === "pass" ? [step] : [],
    ),
  );
  return { broken: [...new Set(broken)], unnoticed: [...new Set(unnoticed)] };
}

/** Identity: what reports need of a rule, and an example of each verdict. */
function form(rule: Rule): string[] {
  const broken = [
    ...(rule.controls.length === 0 ? ["identity: expected a control that the rule serves, found none"] : []),
    ...(["title", "why", "fix"] as const).flatMap((name) =>
      rule[name].trim().length < 10 ? [`identity: expected a sentence as \`${name}\``] : [],
    ),
  ];
  const missing = (["fail", "pass", "undecided"] as const).filter(
    (one) => !rule.examples.some(({ says }) => says === one),
  );
  return [...broken, ...missing.map((says) => `exactness: expected an example that says \`${says}\`, found none`)];
}

function ofExample(rule: Rule, example: Example): string[] {
  const module = moduleOf(example);
  const where = `the example \`${example.says}\``;
  const report = attempt(rule, module);
  if (typeof report === "string") return [`${where}: ${report}`];
  return [
    ...exactness(report, example).map((words) => `exactness: ${where}: ${words}`),
    ...report.results.flatMap(wording).map((words) => `wording: ${where}: ${words}`),
    ...knowledge(rule, module, report).map((words) => `knowledge: ${where}: ${words}`),
    ...order(rule, module, report).map((words) => `order: ${where}: ${words}`),
    ...(JSON.stringify(attempt(rule, module)) === JSON.stringify(report)
      ? []
      : [`determinism: ${where}: two runs differ`]),
  ];
}

function exactness(report: Report, { at, says }: Example): string[] {
  const found = verdictAt(report, at);
  const others = report.results.filter(({ verdict, address }) => verdict === says && address !== at);
  return [
    ...(found === says ? [] : [`expected \`${says}\` at \`${at}\`, found \`${found ?? "no result"}\``]),
    ...(says === "fail" ? others.map(({ address }) => `\`${address}\` fails as well`) : []),
  ];
}

/** What a person reads: a sentence without capital and stop, a fix for a fail, the values for an undecided. */
function wording({ verdict, message, remediation, undecided }: Result): string[] {
  return [
    ...(/^(?![A-Z][a-z]).*[^.]$/s.test(message) ? [] : [`expected lower case and no final stop, found \`${message}\``]),
    ...(verdict === "fail" && !remediation ? ["a fail says how to mend it: expected a `remediation`"] : []),
    ...(verdict === "undecided" && undecided.length === 0 ? ["an undecided names the values: expected gaps"] : []),
  ];
}

/** A value that becomes unknown flips no verdict between pass and fail, and hides no subject. */
function knowledge(rule: Rule, module: Module, before: Report): string[] {
  return forgetful(module).flatMap(({ step, module: after }) => {
    const report = attempt(rule, after);
    if (typeof report === "string") return [`${step}: ${report}`];
    return before.results.flatMap(({ address, verdict }) => {
      const then = verdictAt(report, address);
      if (then === undefined) return [`${step}: \`${address}\` is judged no more`];
      const isFlip = (verdict === "pass" && then === "fail") || (verdict === "fail" && then === "pass");
      return isFlip ? [`${step}: \`${address}\` flips from \`${verdict}\` to \`${then}\``] : [];
    });
  });
}

/** Resources, arguments and blocks turned round change nothing. */
function order(rule: Rule, module: Module, before: Report): string[] {
  const turned = {
    ...module,
    resources: reversed(module.resources, (one) => ({ ...one, body: turnedRound(one.body) })),
  };
  const report = attempt(rule, turned);
  if (typeof report === "string") return [report];
  return before.results
    .filter(({ address, verdict }) => verdictAt(report, address) !== verdict)
    .map(({ address }) => `the verdict on \`${address}\` depends on it`);
}

const moduleOf = ({ hcl }: Example): Module => fromHcl(new Map([["main.tf", hcl]]));
const verdictAt = (report: Report | string, address: string): Verdict | undefined =>
  typeof report === "string" ? undefined : report.results.find((result) => result.address === address)?.verdict;

/** The report, or the words of a rule that throws. */
function attempt(rule: Rule, module: Module): Report | string {
  try {
    const input = { path: "main.tf", kind: "source", sha256: "", resources: 0 } as const;
    return judge(graphOfConfiguration(module, {}), [rule], input, { version: "0", config: {}, today: "2000-01-01" });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Every argument of every resource, one at a time, as a value that isn't known. */
function forgetful(module: Module): Variant[] {
  const variables = new Map([...module.variables, [NAME, VARIABLE]]);
  return changed(module, (body, path) =>
    [...body.arguments.keys()].map((name) => ({
      step: `\`${path}.${name}\` unknown`,
      body: { ...body, arguments: new Map([...body.arguments, [name, UNKNOWN]]) },
    })),
  ).map((variant) => ({ ...variant, module: { ...variant.module, variables } }));
}

/** Every step down: a resource, an argument or a block less, a flag turned over. */
function weakened(module: Module): Variant[] {
  const less = [...module.resources.keys()].map((address) => ({
    step: `without \`${address}\``,
    module: { ...module, resources: new Map([...module.resources].filter(([one]) => one !== address)) },
    without: address,
  }));
  const changes = changed(module, (body, path) => [
    ...[...body.arguments].map(([name]) => ({
      step: `without \`${path}.${name}\``,
      body: { ...body, arguments: new Map([...body.arguments].filter(([one]) => one !== name)) },
    })),
    ...[...body.arguments].flatMap(([name, expression]) => {
      const flipped = turnedOver(expression);
      if (!flipped) return [];
      return [
        {
          step: `\`${path}.${name}\` turned over`,
          body: { ...body, arguments: new Map([...body.arguments, [name, flipped]]) },
        },
      ];
    }),
    ...body.blocks.map((block, index) => ({
      step: `without the block \`${path}.${block.type}\``,
      body: { ...body, blocks: body.blocks.filter((_, at) => at !== index) },
    })),
  ]);
  return [...less, ...changes];
}

function turnedOver(expression: Expression): Expression | undefined {
  const text = expression.kind === "hcl" ? expression.text.trim() : "";
  return text === "true" || text === "false" ? { kind: "hcl", text: text === "true" ? "false" : "true" } : undefined;
}

interface BodyChange {
  readonly step: string;
  readonly body: Body;
}

/** The configuration with each change of each body of a resource, nested blocks included. */
function changed(module: Module, changes: (body: Body, path: string) => BodyChange[]): Variant[] {
  return [...module.resources].flatMap(([address, resource]) =>
    inside(resource.body, address, changes).map(({ step, body }) => ({
      step,
      module: {
        ...module,
        resources: new Map<string, Resource>([...module.resources, [address, { ...resource, body }]]),
      },
    })),
  );
}

function inside(body: Body, path: string, changes: (body: Body, path: string) => BodyChange[]): BodyChange[] {
  const nested = body.blocks.flatMap((block, index) =>
    inside(block.body, `${path}.${block.type}`, changes).map((change) => ({
      step: change.step,
      body: {
        ...body,
        blocks: body.blocks.map((one, at): Block => (at === index ? { ...one, body: change.body } : one)),
      },
    })),
  );
  return [...changes(body, path), ...nested];
}

const reversed = <T>(map: ReadonlyMap<string, T>, each: (item: T) => T): Map<string, T> =>
  new Map([...map].reverse().map(([key, item]) => [key, each(item)]));

const turnedRound = (body: Body): Body => ({
  ...body,
  arguments: reversed(body.arguments, (one) => one),
  blocks: body.blocks.map((block) => ({ ...block, body: turnedRound(block.body) })),
});
