/** Turns chance into a request, and a request into conditions that are cut out of its own values. */

import type { BucketWorld } from "../../../validators/iam/index";
import { Sym, type SymbolKind, type Text, text } from "../../../validators/kernel/index";
import { actionsOfQuestion, type Question, world } from "./domain";
import {
  type Caller,
  callerArn,
  type PolicyJson,
  type PrincipalJson,
  type Request,
  type StatementJson,
  statementsOf,
} from "./naive";

type Conditions = Record<string, Record<string, string | readonly string[]>>;

/** Chance that can be had again: mulberry32. */
export class Chance {
  private state: number;

  constructor(start: number) {
    this.state = start >>> 0;
  }

  /** A whole number below a limit. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  upTo(most: number): number {
    return this.below(most + 1);
  }

  is(outOf: number): boolean {
    return this.below(outOf) === 0;
  }

  one<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error("nothing to choose from");
    return item;
  }

  text(letters: string, least: number, most: number): string {
    return Array.from({ length: least + this.upTo(most - least) }, () => this.one([...letters])).join("");
  }

  /** The principals of a statement that takes a caller in, or nearly. */
  elementAround(caller: Caller, effect: "Allow" | "Deny"): Pick<StatementJson, "Principal" | "NotPrincipal"> {
    if (effect === "Allow" || !this.is(5)) return { Principal: this.principalAround(caller) };
    if (typeof caller === "object") return { NotPrincipal: { Service: [`x${caller.service}`, "s3.amazonaws.com"] } };
    if (caller === "*") return { NotPrincipal: { AWS: world.account } };
    const [start = "", account = "", rest = ""] = caller.split(/(?<=::)(\d{12})(?=:)/);
    const other = rest.replace(/(?<=\/)[^/]+$/, (name) => `${besides(name, this)}x`);
    const arn = start + this.one([account, world.account]) + this.one([other, rest]);
    return { NotPrincipal: { AWS: [arn, "999988887777"] } };
  }

  /** A name for a caller or for everyone. */
  principalAround(caller: Caller): PrincipalJson {
    if (typeof caller === "object") return this.one<PrincipalJson>(["*", { Service: caller.service }]);
    const arn = callerArn(caller);
    if (arn === undefined || arn.resource.startsWith("assumed-role/") || this.is(2))
      return this.one<PrincipalJson>(["*", { AWS: "*" }]);
    return { AWS: this.one([caller, arn.account, `arn:${arn.partition}:iam::${arn.account}:root`]) };
  }
}

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";

/** Another account, often one that is nearly the own one. */
function accountFor(chance: Chance): string {
  if (chance.is(2)) return chance.text(DIGITS, 12, 12);
  const at = chance.below(12);
  return world.account.slice(0, at) + chance.text(DIGITS, 1, 1) + world.account.slice(at + 1);
}

function callerFor(chance: Chance, mayBeOwn: boolean): Caller {
  if (chance.is(8)) return "*";
  if (chance.is(5)) return { service: `${chance.text(`${LOWER}-${DIGITS}`, 1, 6)}.amazonaws.com` };
  const account = mayBeOwn && chance.is(3) ? world.account : accountFor(chance);
  const name = chance.text(`${LOWER}ABCXYZ${DIGITS}-_.`, 1, 8);
  const path = chance.is(3) ? `${chance.text(LOWER, 1, 4)}/` : "";
  return chance.one([
    `arn:aws:iam::${account}:root`,
    `arn:aws:iam::${account}:user/${path}${name}`,
    `arn:aws:sts::${account}:assumed-role/${name}/${chance.text(`${LOWER}${DIGITS}@.-`, 2, 8)}`,
    `arn:aws:sts::${account}:federated-user/${chance.text(LOWER, 2, 6)}`,
  ]);
}

/** For whom a service acts: a resource of an account, or one whose ARN tells none. */
function sourceFor(chance: Chance, mayBeOwn: boolean): Record<string, string> {
  const account = mayBeOwn && chance.is(2) ? world.account : accountFor(chance);
  const name = chance.text(`${LOWER}${DIGITS}-`, 1, 8);
  const [service, region] = [chance.text(LOWER, 2, 6), chance.one(["", "eu-west-1", "us-east-2"])];
  const arn = chance.is(3) ? `arn:aws:s3:::x${name}` : `arn:aws:${service}:${region}:${account}:${name}/${name}`;
  return {
    ...(chance.is(4) ? {} : { "aws:SourceArn": arn }),
    ...(chance.is(3) ? {} : { "aws:SourceAccount": account }),
  };
}

const hexadecimal = (chance: Chance): string => chance.text(`${DIGITS}abcdef`, 17, 17);

/** A request that a question may be about, with values that nobody else has. */
export function requestFor(question: Question, chance: Chance): Request {
  const isAccess = question.ask === "bucket-outsider" || question.ask === "key-outsider";
  const principal = callerFor(chance, !isAccess);
  const isService = typeof principal === "object";
  const [target, actions] = chance.one(actionsOfQuestion(question));
  const key = chance.text(`${LOWER}${DIGITS}/.-_ `, 1, 12);
  const context: Record<string, string> = {};
  if (isService) Object.assign(context, sourceFor(chance, !isAccess));
  const endpoint = !isService && chance.is(3);
  if (endpoint) {
    context["aws:SourceVpce"] = `vpce-${hexadecimal(chance)}`;
    context["aws:SourceVpc"] = `vpc-${hexadecimal(chance)}`;
    context["aws:VpcSourceIp"] = `10.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`;
  } else
    context["aws:SourceIp"] = `${1 + chance.below(223)}.${chance.below(256)}.${chance.below(256)}.${chance.below(256)}`;
  if (question.ask === "plain-http" || chance.is(4)) context["aws:SecureTransport"] = "false";
  const later = chance.below(400_000_000) * 1000;
  context["aws:CurrentTime"] = new Date(Date.parse(world.timestamp) + later).toISOString().replace(".000Z", "Z");
  const arn = callerArn(principal);
  if (arn && arn.resource !== "root") {
    const unique = chance.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 17, 17);
    const [kind = "", name = "", session = ""] = arn.resource.split("/");
    if (kind === "user") context["aws:userid"] = `AIDA${unique}`;
    if (kind === "assumed-role") {
      context["aws:userid"] = `AROA${unique}:${session}`;
      const path = chance.is(3) ? `${chance.text(LOWER, 1, 4)}/` : "";
      context["aws:PrincipalArn"] = `arn:aws:iam::${arn.account}:role/${path}${name}`;
    }
    if (chance.is(2)) context["aws:PrincipalOrgID"] = `o-${chance.text(`${LOWER}${DIGITS}`, 10, 12)}`;
    if (chance.is(2))
      context["aws:PrincipalTag/team"] = chance.one([chance.text(LOWER, 0, 5), name, arn.account, `${arn.account}-x`]);
  }
  if (question.ask === "unencrypted-put" && chance.is(2)) context["s3:x-amz-server-side-encryption"] = "AES256";
  const resource = target === "key" ? world.key : target === "bucket" ? world.bucket : `${world.bucket}/${key}`;
  return { principal, action: chance.one(actions), resource, context };
}

/** A pattern that takes a text: parts of it are left out for stars, letters for question marks. */
function patternOf(text: string, chance: Chance): string {
  const rarely = chance.one([6, 12, 12, 30]);
  let pattern = "";
  for (let at = 0; at < text.length; ) {
    const kind = chance.below(rarely);
    if (kind === 0) {
      pattern += "*";
      at += chance.upTo(6);
    } else pattern += kind === 1 ? "?" : text.charAt(at);
    if (kind !== 0) at++;
  }
  return chance.is(4) ? `${pattern.slice(0, chance.upTo(pattern.length))}*` : pattern;
}

/** S3 has no keys of KMS. */
const isCarried = (key: string, { action }: Request): boolean => !key.startsWith("kms:") || action.startsWith("kms:");

/** A text in which the value of another key stands as a variable, where it is there; what is around it made a pattern or not. */
function withVariable(text: string, around: (part: string) => string, request: Request, chance: Chance): string {
  const inside = Object.entries(request.context).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === "string" && entry[1].length > 1 && text.includes(entry[1]) && isCarried(entry[0], request),
  );
  if (inside.length === 0 || !chance.is(4)) return around(text);
  const [key, value] = chance.one(inside);
  const at = text.indexOf(value);
  return `${around(text.slice(0, at))}\${${key}}${around(text.slice(at + value.length))}`;
}

const otherCase = (text: string, chance: Chance): string =>
  [...text].map((letter) => (chance.is(2) ? letter.toUpperCase() : letter.toLowerCase())).join("");

/** A text beside another: one character differs. */
function besides(text: string, chance: Chance): string {
  const at = chance.below(Math.max(1, text.length));
  return text.slice(0, at) + chance.text(`${LOWER}${DIGITS}`, 0, 1) + text.slice(at + 1);
}

function addressesAround(address: string, chance: Chance): string {
  const bits = chance.upTo(32);
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const base = bits === 0 ? 0 : Math.floor(number / 2 ** (32 - bits)) * 2 ** (32 - bits);
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join(".")}/${bits}`;
}

/** An operator and a value that hold for a text, or nearly. */
function comparison(key: string, value: string, request: Request, chance: Chance): [operator: string, value: string] {
  if (/ip$/i.test(key))
    return [chance.one(["IpAddress", "NotIpAddress"]), addressesAround(chance.is(2) ? value : "198.51.100.9", chance)];
  if (key === "aws:CurrentTime") {
    const moment = new Date(Date.parse(value) + (chance.upTo(2) - 1) * 1000).toISOString().replace(".000Z", "Z");
    return [
      chance.one(["DateLessThan", "DateGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThanEquals"]),
      moment,
    ];
  }
  if (value === "true" || value === "false")
    return [chance.one(["Bool", "StringEquals"]), chance.one(["true", "false"])];
  const near = chance.is(3) ? besides(value, chance) : value;
  const isArn = /arn$/i.test(key);
  const isNumber = /^\d+$/.test(value);
  const whole = (text: string): string => withVariable(text, (part) => part, request, chance);
  const wild = (text: string): string => withVariable(text, (part) => patternOf(part, chance), request, chance);
  switch (chance.below(isArn ? 7 : isNumber ? 8 : 5)) {
    case 0:
      return [chance.one(["StringEquals", "StringNotEquals"]), whole(near)];
    case 1:
      return [chance.one(["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"]), otherCase(near, chance)];
    case 2:
    case 3:
      return ["StringLike", wild(near)];
    case 4:
      return ["StringNotLike", wild(near)];
    case 5:
    case 6: {
      if (!isArn) break;
      // nobody tells what AWS makes of an ARN that doesn't begin with `arn:`
      const parts = near.split(":").map((part) => (part === "" || part === "arn" ? part : patternOf(part, chance)));
      return [chance.one(["ArnLike", "ArnNotLike", "ArnEquals"]), parts.join(":")];
    }
  }
  const around = String(Math.max(0, Number(value) + chance.upTo(2) - 1));
  return [chance.one(["NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericGreaterThanEquals"]), around];
}

/** Conditions on some of a request's keys. */
export function conditionsAround(request: Request, chance: Chance): Conditions {
  const { context } = request;
  const conditions: Conditions = {};
  const keys = Object.entries(context).filter(([key]) => isCarried(key, request));
  for (let count = 1 + chance.upTo(2); count > 0; count--) {
    const [key, value] = chance.one(keys);
    if (typeof value !== "string" || key === "aws:EpochTime") continue;
    const [operator, wanted] = chance.is(12)
      ? (["Null", chance.one(["true", "false", "false"])] as const)
      : comparison(key, value, request, chance);
    const name = operator === "Null" ? operator : named(operator, chance);
    const more = chance.is(4) ? [comparison(key, value, request, chance)] : [];
    const values = [wanted, ...more.filter(([other]) => other === operator).map(([, other]) => other)];
    conditions[name] = { ...conditions[name], [key]: values.length === 1 ? wanted : values };
  }
  return conditions;
}

/** An operator, of sets or if its key exists at times. */
const named = (operator: string, chance: Chance): string =>
  `${chance.is(8) ? chance.one(["ForAnyValue:", "ForAllValues:"]) : ""}${operator}${chance.is(6) ? "IfExists" : ""}`;

/** What a symbol of a kind may stand for. */
const KINDS: readonly (readonly [SymbolKind, RegExp])[] = [
  ["any", /^/],
  ["account-id", /^\d{12}$/],
  ["region", /^[a-z]{2}-[a-z]+-\d$/],
  ["name", /^[\w+=,.@-]+$/],
];

/** A policy of which something isn't known, and what isn't known of its world. */
interface Unsure {
  readonly policy: string | Text;
  readonly world: Partial<BucketWorld>;
}

/** A policy in which a part of one value isn't known, or the own account; undefined where there is no such part. */
export function withSymbol(question: Question, policy: PolicyJson, chance: Chance): Unsure | undefined {
  if (chance.is(4)) return withoutOwnAccount(question, policy);
  const whole = chance.one(textsIn(policy));
  if (whole.length < 2 || whole.includes("${")) return undefined;
  const account = /\d{12}/.exec(whole);
  const from = account && chance.is(2) ? account.index : chance.below(whole.length);
  const to = account && from === account.index ? from + 12 : from + 1 + chance.below(whole.length - from);
  const part = whole.slice(from, to);
  const [kind] = chance.one(KINDS.filter(([, form]) => form.test(part)));
  const symbol = new Sym("unknown", kind);
  const [before = "", ...rest] = JSON.stringify(policy).split(JSON.stringify(whole));
  const pieces = rest.flatMap((more) => [`"${whole.slice(0, from)}`, symbol, `${whole.slice(to)}"${more}`]);
  return { policy: text([before, ...pieces]), world: {} };
}

/** What conditions are compared with, and who is named. */
function textsIn(policy: PolicyJson): readonly string[] {
  const elements = statementsOf(policy).flatMap(({ Condition = {}, Principal = {}, NotPrincipal = {} }) => [
    ...Object.values(Condition).flatMap((keys) => Object.values(keys)),
    ...Object.values(Principal === "*" ? {} : Principal),
    ...Object.values(NotPrincipal === "*" ? {} : NotPrincipal),
  ]);
  return ["", ...elements.flat().filter((one) => typeof one === "string")];
}

/** A policy in a world whose account isn't known. */
function withoutOwnAccount({ ask }: Question, policy: PolicyJson): Unsure {
  const own = new Sym("own", "account-id");
  const without = (known: string): string | Text =>
    text(known.split(world.account).flatMap((piece, at) => (at === 0 ? [piece] : [own, piece])));
  const arn = ask === "key-outsider" ? { arn: without(world.key) } : {};
  return { policy: without(JSON.stringify(policy)), world: { account: text([own]), ...arn } };
}
