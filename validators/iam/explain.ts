/** Turns a request that gets through into the counterexample and the sentences that people read. */
import type { Counterexample, Gap } from "../kernel/result";
import type { Compiler, Part } from "./compile";
import type { KeyValue } from "./condition";
import { type Condition, nameOf, type Statement } from "./document";
import { gapFrom, type Letters } from "./letters";
import { mentionsOf } from "./mentions";
import type { Approximation } from "./pattern";
import { partHolds } from "./request";
import type { Witness } from "./search";
import { dateOf } from "./typed-values";

const HEADER = "s3:x-amz-server-side-encryption";

/**
 * The request as a report shows it: with every key that the policy mentions and the request has, so that whoever
 * evaluates it by hand need know nothing else. `shown` are keys, as AWS writes them, that are part of the question.
 */
export function counterexampleOf(witness: Witness, compiler: Compiler, shown: readonly string[]): Counterexample {
  const { letters } = compiler.document;
  const { situation } = witness.setting;
  const context: Record<string, string | readonly string[]> = {};
  const names = new Map<string, string>(shown.map((name) => [name.toLowerCase(), name]));
  for (const statement of compiler.document.statements)
    for (const { key, lower } of statement.conditions) if (!names.has(lower)) names.set(lower, key);
  for (const [key, written] of mentionsOf(compiler.document).variables) if (!names.has(key)) names.set(key, written);
  if (situation.network === "endpoint") names.set("aws:sourcevpce", "aws:SourceVpce");
  if (situation.encryption !== "none") {
    names.set(HEADER, HEADER);
    names.set(`${HEADER}-customer-algorithm`, `${HEADER}-customer-algorithm`);
  }
  if (situation.caller.source) names.set("aws:sourceaccount", "aws:SourceAccount");
  for (const [lower, name] of names) {
    const value = keyValueOf(witness, compiler, lower);
    if (value === null) continue;
    const texts = value.map((text) => letters.show(text));
    const [only = ""] = texts;
    Object.defineProperty(context, name, {
      value: texts.length === 1 ? only : texts,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return {
    principal: principalOf(witness, letters),
    action: `${situation.service}:${situation.action}`,
    resource: letters.show(witness.resource),
    context,
  };
}

function principalOf({ setting, values }: Witness, letters: Letters): Counterexample["principal"] {
  const { caller } = setting.situation;
  if (caller.kind === "anonymous") return "*";
  if (caller.kind === "service") return { service: letters.show(caller.named ?? "") };
  if (caller.named !== undefined) return letters.show(caller.named);
  const [searched] = values.get("aws:principalarn") ?? [];
  if (searched !== undefined) return letters.show(searched);
  if (!caller.arn) return "*";
  return letters.show("fixed" in caller.arn ? caller.arn.fixed : (caller.arn.ordinary[0] ?? ""));
}

/** What a key is in the request, searched for or settled; one that is open and not searched for is left out. */
function keyValueOf(witness: Witness, compiler: Compiler, lower: string): KeyValue {
  const isTime = lower === "aws:currenttime" || lower === "aws:epochtime";
  const searched = witness.values.get(isTime ? "time" : lower);
  if (searched !== undefined)
    return lower === "aws:epochtime" && searched ? searched.map((time) => String(dateOf(time) ?? 0)) : searched;
  const domain = compiler.domain(lower, witness.setting);
  if (domain.kind === "fixed") return [domain.value];
  if (domain.kind === "absent" || domain.kind === "typed") return null;
  if (domain.kind === "choice" && lower === "aws:sourceaccount") return domain.values;
  return domain.mayBeAbsent ? null : (domain.kind === "choice" ? domain.values : domain.ordinary).slice(0, 1);
}

/** Why each statement did not stop the request, a line each. */
export function traceOf(witness: Witness, compiler: Compiler, denyWay: Approximation): string[] {
  const { letters, statements } = compiler.document;
  const lines: string[] = [];
  for (const statement of statements) {
    const name = nameOf(statement, letters);
    if (statement === witness.allowedBy) lines.push(`${name} allows it`);
    else if (statement.effect === "Deny") {
      const parts = compiler.parts(statement, witness.setting, denyWay);
      const miss = parts.find((part) => !partHolds(part, witness, denyWay));
      lines.push(miss ? `${name} ${whyNot(miss, statement, letters)}` : `${name} has no effect`);
    } else if (witness.allowedBy === undefined) lines.push(`${name} denies nothing`);
  }
  return lines.length > 0 ? lines : ["no statement denies anything"];
}

/**
 * The statement that is at fault: the one that allows the request, else a Deny that was meant to stop it, which shows in a
 * condition on one of the question's own keys.
 */
export function culpritOf(witness: Witness, compiler: Compiler, shown: readonly string[]): number | undefined {
  if (witness.allowedBy) return witness.allowedBy.number;
  const asked = new Set(shown.map((name) => name.toLowerCase()));
  const { statements } = compiler.document;
  return statements.find(
    ({ effect, conditions }) => effect === "Deny" && conditions.some(({ lower }) => asked.has(lower)),
  )?.number;
}

/** The texts that a sentence can name; the rest is counted. */
function list(texts: readonly string[], letters: Letters): string {
  const shown = texts.slice(0, 3).map((text) => `\`${letters.show(text)}\``);
  const rest = texts.length - shown.length;
  if (texts.length === 0) return "nothing";
  return rest > 0 ? `${shown.join(", ")} and ${rest} more` : shown.join(", ");
}

function whyNot(part: Part, statement: Statement, letters: Letters): string {
  switch (part.kind) {
    case "action": {
      const { isNegated, values } = statement.actions;
      return isNegated ? `leaves out ${list(values, letters)}` : `denies only ${list(values, letters)}`;
    }
    case "resource": {
      if (!statement.resources) return "has no effect without `Resource`";
      const { isNegated, values } = statement.resources;
      return isNegated ? `leaves out ${list(values, letters)}` : `is only about ${list(values, letters)}`;
    }
    case "principal": {
      const texts = statement.principals.items.map((item) => item.written);
      return statement.principals.isNegated
        ? `leaves out ${list(texts, letters)}`
        : `is only about ${list(texts, letters)}`;
    }
    case "condition":
      return part.condition ? `denies only where ${conditionText(part.condition, letters)}` : "has a condition";
    case "unknown":
      return "is not known yet";
    default:
      return part.kind satisfies never;
  }
}

const conditionText = ({ operator, key, values }: Condition, letters: Letters): string =>
  `\`${operator.name}\` of \`${key}\` and ${list(values, letters)} holds`;

/** The symbols and unknown values on which it depends whether the request gets through; `doubts` are why else it isn't known. */
export function gapsOf(witness: Witness, compiler: Compiler, doubts: readonly Gap[]): Gap[] {
  const { letters, statements } = compiler.document;
  const found = new Map<string, Gap>();
  const add = (texts: readonly string[]): void => {
    for (const text of texts) for (const symbol of letters.symbolsIn(text)) found.set(symbol.id, gapFrom(symbol));
  };
  for (const statement of statements) {
    const over = compiler.parts(statement, witness.setting, "over");
    const under = compiler.parts(statement, witness.setting, "under");
    if (statement.effect === "unknown") add(statement.holes);
    if (over.some((part) => !partHolds(part, witness, "over"))) continue;
    for (const part of under) if (!partHolds(part, witness, "under")) add(textsOf(part, statement));
  }
  const { doubt, account, partition, named } = witness.setting.situation.caller;
  if (doubt !== undefined && found.size === 0) found.set(doubt, accountOf(letters.show(doubt)));
  if (found.size === 0) for (const gap of doubts) found.set(gap.value, gap);
  if (found.size === 0) add([account, partition, named].filter((text) => text !== undefined));
  if (found.size === 0 && witness.allowedBy)
    for (const { kind, written } of witness.allowedBy.principals.items)
      if (kind === "canonical" || kind === "unique") found.set(written, accountOf(letters.show(written)));
  if (found.size === 0) add([witness.resource, ...[...witness.values.values()].flatMap((value) => value ?? [])]);
  return [...found.values()];
}

/** That nobody can tell whose a principal is. */
const accountOf = (shown: string): Gap => ({ value: `the account of ${shown}`, because: "outside-the-plan" });

function textsOf(part: Part, statement: Statement): readonly string[] {
  switch (part.kind) {
    case "action":
      return [...statement.actions.values, ...statement.actions.holes];
    case "resource":
      return [...(statement.resources?.values ?? []), ...(statement.resources?.holes ?? [])];
    case "principal":
      return [...statement.principals.items.map((item) => item.written), ...statement.principals.holes];
    case "condition":
      return [...(part.condition?.values ?? []), ...(part.condition?.holes ?? [])];
    case "unknown":
      return statement.holes;
    default:
      return part.kind satisfies never;
  }
}
