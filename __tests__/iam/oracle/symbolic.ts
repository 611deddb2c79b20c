/** Turns the oracle's policies into policies with symbols and holes in them, and into what these may turn out to be. */

import fc from "fast-check";
import type { BucketWorld } from "../../../validators/iam/index";
import { isUniqueKind, Sym, type SymbolKind, type Text, text } from "../../../validators/kernel/index";
import { policies } from "./arbitrary";
import { type Question, world } from "./domain";
import type { PolicyJson, StatementJson } from "./naive";

/** A symbol with texts that it may stand for; a hole stands for JSON values. */
interface Unknown {
  readonly symbol: Sym;
  readonly fillings: readonly string[];
}

/** A policy of which something isn't known, and the world that it stands in. */
export interface SymbolicPolicy {
  readonly policy: string | Text;
  readonly world: Partial<BucketWorld>;
  /** Each way in which the unknown may turn out; made when it is asked for. */
  readonly fillings: () => Iterable<Filling>;
}

/** What the unknown turned out to be, and what it makes of policy and world. */
export interface Filling {
  readonly values: Readonly<Record<string, string>>;
  readonly policy: string;
  readonly world: Partial<BucketWorld>;
}

const outside = "444455556666";

/** What a symbol of each kind may be; `any` may be anything. */
const FILLINGS: Readonly<Record<SymbolKind, readonly string[]>> = {
  any: [
    "",
    "*",
    "?",
    "${aws:username}",
    "${aws:SourceVpce}",
    "/",
    ":",
    "bkt",
    "bkt/",
    world.account,
    outside,
    "a",
    "aws:kms",
    "GetObject",
    "true",
  ],
  "account-id": [world.account, outside, "777788889999", "121212121212"],
  partition: ["aws", "aws-cn", "aws-us-gov"],
  region: ["eu-west-1", "us-east-1"],
  "bucket-name": ["bkt", "bkt-other", "other-bkt"],
  "key-id": ["12345678-1234-1234-1234-123456789012", "mrk-1234abcd12ab34cd56ef1234567890ab"],
  "vpc-id": ["vpc-1", "vpc-2"],
  "vpc-endpoint-id": ["vpce-1", "vpce-2", "vpce-77"],
  "organization-id": ["o-own", "o-other", "o-a1b2c3d4e5"],
  name: ["app", "ada", "a", "x", "GetObject", "bkt", "AES256", "home"],
  "role-id": ["AROAEXAMPLEID1234567", "AROAEXAMPLEID7654321"],
  "user-id": ["AIDAEXAMPLEID1234567", "AIDAEXAMPLEID7654321"],
};

/** Which texts a symbol of a kind may stand for, as `SymbolKind` says. */
const FITS: Readonly<Record<SymbolKind, RegExp>> = {
  any: /^/,
  "account-id": /^\d{12}$/,
  partition: /^aws(-[a-z]+)*$/,
  region: /^[a-z]{2}(-[a-z]+)+-\d$/,
  "bucket-name": /^[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
  "key-id": /^([0-9a-f-]{36}|mrk-[0-9a-f]{32})$/,
  "vpc-id": /^vpc-[a-z0-9]+$/,
  "vpc-endpoint-id": /^vpce-[a-z0-9]+$/,
  "organization-id": /^o-[a-z0-9]+$/,
  name: /^[\w+=,.@-]+$/,
  "role-id": /^AROA[A-Z0-9]{8,}$/,
  "user-id": /^AIDA[A-Z0-9]{8,}$/,
};

/** What stands around a symbol's name in JSON that is not finished; a hole's quotes go as well. */
const mark = (name: string): string => `\u0001${name}\u0002`;
const holeMark = (name: string): string => `\u0001!${name}\u0002`;
const MARKS = /"\u0001!(\w+)\u0002"|\u0001(\w+)\u0002/;

/** A string somewhere in a policy, or a value that may be left out as a whole. */
interface Spot {
  readonly isCompared: boolean;
  readonly get: () => unknown;
  readonly set: (value: unknown) => void;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const spotIn = <Key extends string | number>(holder: Record<Key, unknown>, key: Key, isCompared: boolean): Spot => ({
  isCompared,
  get: () => holder[key],
  set: (value) => {
    holder[key] = value;
  },
});

/** All strings below a value, and all values. */
function collect(value: unknown, place: Spot, strings: Spot[], values: Spot[]): void {
  values.push(place);
  if (typeof value === "string") strings.push(place);
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) collect(item, spotIn(value, index, place.isCompared), strings, values);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) {
      if (key === "Version" || key === "Sid") continue;
      const isCompared = place.isCompared || /^(Not)?(Action|Resource)$|^Condition$/.test(key);
      collect(item, spotIn(value, key, isCompared), strings, values);
    }
}

/**
 * How a policy is made symbolic at one spot: anywhere in a string, behind its last character, or in place of its last part,
 * which is where a symbol that turns out to be nothing makes a difference.
 */
interface Edit {
  readonly place: "anywhere" | "behind" | "last-part";
  /** Only what requests are compared with: actions, resources, values of conditions. */
  readonly isCompared: boolean;
  readonly where: number;
  readonly from: number;
  readonly length: number;
  readonly kind: SymbolKind;
  readonly isHole: boolean;
}

const kinds: readonly SymbolKind[] = ["any", "any", "any", "name", "account-id", "partition", "region", "bucket-name"];

const edits: fc.Arbitrary<Edit> = fc.record({
  place: fc.constantFrom("anywhere", "anywhere", "behind", "last-part"),
  isCompared: fc.boolean(),
  where: fc.nat({ max: 1000 }),
  from: fc.nat({ max: 40 }),
  length: fc.oneof(fc.constant(0), fc.nat({ max: 12 }), fc.constant(1000)),
  kind: fc.constantFrom(...kinds),
  isHole: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
});

/** What is replaced by a symbol wherever it stands: parts of ARNs that symbols stand for in practice. */
const PARTS: readonly (readonly [SymbolKind, string])[] = [
  ["account-id", world.account],
  ["account-id", outside],
  ["bucket-name", "bkt"],
  ["partition", "aws"],
  ["name", "app"],
];

/** Leaves a whole part of ARNs unknown. */
function withPart(json: string, [kind, part]: readonly [SymbolKind, string], name: string): string {
  const around =
    kind === "partition"
      ? `(?<=arn:)${part}(?=:)`
      : kind === "name"
        ? `(?<=/)${part}(?=")`
        : `(?<![\\w-])${part}(?![\\w-])`;
  return json.replace(new RegExp(around, "g"), mark(name));
}

function apply(edit: Edit, policy: unknown, name: string): Unknown | undefined {
  const strings: Spot[] = [];
  const values: Spot[] = [];
  if (!isObject(policy)) return undefined;
  collect(policy.Statement, spotIn(policy, "Statement", false), strings, values);
  const spots = (edit.isHole ? values : strings).filter(({ isCompared }) => isCompared || !edit.isCompared);
  const spot = spots[edit.where % spots.length];
  const value = spot?.get();
  if (!spot || JSON.stringify(value).includes("\u0001")) return undefined;
  const symbol = new Sym(`var.${name}`, edit.isHole ? "any" : edit.kind);
  if (edit.isHole) {
    spot.set(holeMark(name));
    return { symbol, fillings: [JSON.stringify(value), '"*"', "[]", "{}", '["*"]', `"${world.bucket}/*"`] };
  }
  const whole = String(value);
  const [from, length] = stretchOf(whole, edit);
  const cut = whole.slice(from, from + length);
  spot.set(`${whole.slice(0, from)}${mark(name)}${whole.slice(from + length)}`);
  const own = FITS[edit.kind].test(cut) ? [cut] : [];
  return { symbol, fillings: [...new Set([...own, ...FILLINGS[edit.kind]])] };
}

/** Where the symbol of an edit stands in a text, and how many characters it stands for. */
function stretchOf(whole: string, { place, from, length }: Edit): readonly [number, number] {
  if (place === "behind") return [whole.length, 0];
  if (place === "last-part") return [whole.length - (/[^:/]*$/.exec(whole)?.[0].length ?? 0), whole.length];
  return [from % (whole.length + 1), length];
}

/** A text that ends or consists of a symbol, compared with a key; `<>` stands for the symbol. */
const EDGES: readonly (readonly [key: string, text: string])[] = [
  ["aws:PrincipalAccount", "<>"],
  ["aws:PrincipalArn", `arn:aws:iam::${world.account}:role/<>`],
  ["aws:PrincipalArn", "arn:aws:iam::<>:role/app"],
  ["aws:PrincipalArn", `arn:<>:iam::${outside}:user/ada`],
  ["aws:PrincipalArn", "<>*:ada"],
  ["aws:PrincipalOrgID", "<>"],
  ["aws:PrincipalOrgID", "o-<>"],
  ["aws:PrincipalTag/team", "<>"],
  ["aws:PrincipalType", "<>"],
  ["aws:username", "<>"],
  ["aws:username", "a<>"],
  ["aws:userid", "<>"],
  ["aws:UserAgent", "<>"],
  ["aws:Referer", "https://<>"],
  ["aws:SourceVpce", "<>"],
  ["aws:SourceVpce", "vpce-<>"],
  ["aws:SourceAccount", "<>"],
  ["aws:SourceOwner", "<>"],
  ["aws:VpceAccount", "<>"],
];
const EDGES_OF_BUCKETS: typeof EDGES = [
  ["s3:DataAccessPointAccount", "<>"],
  ["s3:DataAccessPointArn", "arn:aws:s3:eu-west-1:<>:accesspoint/a"],
  ["s3:prefix", "<>"],
  ["s3:prefix", "home/<>"],
  ["s3:x-amz-acl", "<>"],
  ["s3:x-amz-server-side-encryption", "aws:<>"],
  ["s3:x-amz-server-side-encryption-aws-kms-key-id", "<>"],
];
const EDGES_OF_KEYS: typeof EDGES = [
  ["kms:CallerAccount", "<>"],
  ["kms:ViaService", "<>"],
  ["kms:ViaService", "s3.<>.amazonaws.com"],
  ["kms:EncryptionContext:team", "<>"],
];

/**
 * Policies that stand and fall with one symbol: a Deny of all but what is compared with it, or an Allow of that; at times with
 * a Deny of just that. What the symbol may turn out to be at the end of a text, such as nothing, makes all the difference.
 */
function edgePolicies(question: Question): fc.Arbitrary<PolicyJson> {
  const isKey = question.ask === "key-outsider";
  const isAccess = isKey || question.ask === "bucket-outsider";
  const service = isKey ? "kms" : "s3";
  const symbol = mark("edge");
  const fill = (text: string): string => text.replace("<>", symbol);
  const whole = { Principal: "*", Action: `${service}:*`, Resource: "*" } as const;
  type Edge = Omit<StatementJson, "Effect">;
  const operators = fc.constantFrom("StringEquals", "StringLike", "StringEqualsIgnoreCase", "ArnLike");
  const suffixes = fc.constantFrom("", "", "IfExists");
  const conditions = fc
    .tuple(
      fc.constantFrom(...EDGES, ...(isKey ? EDGES_OF_KEYS : EDGES_OF_BUCKETS)),
      fc.oneof(
        operators.map((operator) => [operator, operator] as const),
        fc.tuple(operators, operators),
      ),
      suffixes,
      suffixes,
    )
    .map(([[key, text], [operator, other], suffix, otherSuffix]): readonly [Edge, Edge] => {
      const under = (name: string): Edge => ({ ...whole, Condition: { [name]: { [key]: fill(text) } } });
      const negated = operator.replace(/(?=Equals|Like)/, "Not");
      return [under((isAccess ? operator : negated) + suffix), under(other + otherSuffix)];
    });
  const names = ["role/<>", "user/<>"].map((name) => ({ AWS: fill(`arn:aws:iam::${outside}:${name}`) }));
  const actions = ["<>", "Get<>", "*Object<>"].map((name) => fill(`${service}:${name}`));
  const resources = ["/<>", "/a<>", "/<>*", "<>", "/<>/a"].map((name) => fill(world.bucket + name));
  const { Principal, Action, Resource } = whole;
  const pairs: readonly (readonly [Edge, Edge])[] = [
    ...names.map(
      (AWS) =>
        [
          { ...whole, Principal: AWS },
          { Action, Resource, NotPrincipal: AWS },
        ] as const,
    ),
    ...actions.map(
      (name) =>
        [
          { ...whole, Action: name },
          { Principal, Resource, NotAction: name },
        ] as const,
    ),
    ...(isKey ? [] : resources).map(
      (arn) =>
        [
          { ...whole, Resource: arn },
          { Principal, Action, NotResource: arn },
        ] as const,
    ),
  ];
  const elements = fc
    .constantFrom(...pairs)
    .map(([plain, negated]): readonly [Edge, Edge] => [isAccess ? plain : negated, plain]);
  const others = fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: policies(question).map(({ Statement }) => [Statement].flat().slice(0, 1)) },
  );
  return fc
    .tuple(
      fc.oneof(conditions, elements),
      fc.boolean(),
      others,
      fc.constantFrom("2012-10-17", "2012-10-17", "2008-10-17"),
    )
    .map(([[edge, counterpart], isPaired, more, Version]) => ({
      Version,
      Statement: [
        { Effect: isAccess ? "Allow" : "Deny", ...edge },
        ...(isPaired ? [{ Effect: "Deny", ...counterpart }] : []),
        ...more,
      ],
    }));
}

/**
 * What isn't known of the world: nothing, the own account, or the bucket's name, which S3 makes up, a variable gives as a
 * whole, or ends.
 */
type UnknownOfWorld = "known" | "account" | "bucket" | "given-name" | "end-of-name";
const worlds = fc.constantFrom<UnknownOfWorld>(
  "known",
  "known",
  "known",
  "account",
  "bucket",
  "given-name",
  "end-of-name",
);

/** What stands before a variable in a bucket's name, and what the variable may be: only what S3 takes there. */
const GIVEN_NAMES = {
  "given-name": { before: "", fillings: FILLINGS["bucket-name"] },
  "end-of-name": { before: "b", fillings: ["kt", "kt-other", "", "-kt"] },
} as const;

/** Policies that bear on a question, with one or two things in them that aren't known. */
export function symbolicPolicies(question: Question): fc.Arbitrary<SymbolicPolicy> {
  const part = fc.option(fc.constantFrom(...PARTS), { freq: 3 });
  const some = fc
    .tuple(policies(question), fc.array(edits, { minLength: 0, maxLength: 2 }), part, worlds)
    .map(([policy, changes, replaced, world]) => symbolic(policy, changes, replaced ?? undefined, world, question));
  const edges = fc
    .tuple(
      edgePolicies(question),
      fc.constantFrom<SymbolKind>(...kinds, "account-id", "vpc-id", "vpc-endpoint-id", "organization-id"),
      fc.constantFrom<UnknownOfWorld>("known", "account"),
    )
    .map(([policy, kind, unknown]) => symbolic(policy, [], undefined, unknown, question, kind));
  return fc.oneof({ weight: 2, arbitrary: some }, { weight: 1, arbitrary: edges });
}

function symbolic(
  policy: PolicyJson,
  changes: readonly Edit[],
  replaced: readonly [SymbolKind, string] | undefined,
  unknown: UnknownOfWorld,
  question: Question,
  edge?: SymbolKind,
): SymbolicPolicy {
  const copy: unknown = JSON.parse(JSON.stringify(policy));
  const unknowns = new Map<string, Unknown>();
  if (edge) unknowns.set("edge", { symbol: new Sym("edge", edge), fillings: FILLINGS[edge] });
  const isGiven = (unknown === "given-name" || unknown === "end-of-name") && question.ask !== "key-outsider";
  // what stands for a bucket's whole name would be another bucket's
  const isOther = (kind: SymbolKind): boolean => isGiven && kind === "bucket-name";
  for (const [index, change] of changes.entries()) {
    const made = apply(isOther(change.kind) ? { ...change, kind: "any" } : change, copy, `v${index}`);
    if (made) unknowns.set(`v${index}`, made);
  }
  let json = JSON.stringify(copy).replaceAll("\\u0001", "\u0001").replaceAll("\\u0002", "\u0002");
  if (replaced && !isOther(replaced[0])) {
    const [kind] = replaced;
    json = withPart(json, replaced, "part");
    unknowns.set("part", { symbol: new Sym("part", kind), fillings: FILLINGS[kind] });
  }
  if (isGiven) {
    const { before, fillings } = GIVEN_NAMES[unknown];
    const name = before + mark("given");
    unknowns.set("given", { symbol: new Sym("given", "any"), fillings });
    if (changes.length !== 1) json = json.replace(/(?<![\w-])bkt(?![\w-])/g, name);
    return finished(json, { arn: `arn:aws:s3:::${name}` }, unknowns);
  }
  const isOwn = replaced?.[1] === world.account ? "part" : edge === "account-id" ? "edge" : "own";
  const isBucket = replaced?.[1] === "bkt" ? "part" : "own";
  const isKey = question.ask === "key-outsider";
  const changed =
    unknown === "account"
      ? // a key's own ARN tells the account
        { account: mark(isOwn), ...(isKey ? { arn: world.key.replace(world.account, mark(isOwn)) } : {}) }
      : unknown === "bucket" && !isKey
        ? { arn: `arn:aws:s3:::${mark(isBucket)}` }
        : {};
  if (unknown !== "known" && (isOwn === "own" || isBucket === "own")) {
    const kind = unknown === "account" ? "account-id" : "bucket-name";
    if (!unknowns.has("own")) unknowns.set("own", { symbol: new Sym("own", kind), fillings: FILLINGS[kind] });
  }
  return finished(json, changed, unknowns);
}

function finished(
  json: string,
  changed: Readonly<Record<string, string>>,
  unknowns: ReadonlyMap<string, Unknown>,
): SymbolicPolicy {
  return {
    policy: written(json, unknowns),
    world: Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, written(value, unknowns)])),
    fillings: () => fillingsOf(json, changed, unknowns),
  };
}

/** Text with symbols for the marks. */
function written(marked: string, unknowns: ReadonlyMap<string, Unknown>): string | Text {
  return text(
    pieces(marked).map((piece) => (typeof piece === "string" ? piece : (unknowns.get(piece.name)?.symbol ?? ""))),
  );
}

function pieces(marked: string): readonly (string | { readonly name: string })[] {
  const found: (string | { readonly name: string })[] = [];
  let rest = marked;
  for (let match = MARKS.exec(rest); match; match = MARKS.exec(rest)) {
    found.push(rest.slice(0, match.index), { name: match[1] ?? match[2] ?? "" });
    rest = rest.slice(match.index + match[0].length);
  }
  return [...found, rest];
}

function* fillingsOf(
  json: string,
  changed: Readonly<Record<string, string>>,
  unknowns: ReadonlyMap<string, Unknown>,
): Generator<Filling> {
  const used = [...unknowns].filter(([name]) =>
    [json, ...Object.values(changed)].some((one) => one.includes(`${name}\u0002`)),
  );
  const uniques = used.filter(([, { symbol }]) => isUniqueKind(symbol.kind)).map(([name]) => name);
  const fill = (marked: string, values: Readonly<Record<string, string>>): string =>
    pieces(marked)
      .map((piece) => (typeof piece === "string" ? piece : (values[piece.name] ?? "")))
      .join("");
  let all: readonly Readonly<Record<string, string>>[] = [{}];
  for (const [name, { fillings }] of used)
    all = all.flatMap((values) => fillings.map((filling) => ({ ...values, [name]: filling })));
  const isPossible = (values: Readonly<Record<string, string>>): boolean =>
    new Set(uniques.map((name) => values[name])).size === uniques.length;
  for (const values of scattered(all.filter(isPossible)))
    yield {
      values,
      policy: fill(json, values),
      world: Object.fromEntries(Object.entries(changed).map(([name, value]) => [name, fill(value, values)])),
    };
}

/** All items, neighbours far from each other, so that the first few show every value of every symbol. */
function* scattered<T>(items: readonly T[]): Generator<T> {
  const step = [7919, 7907].find((prime) => items.length % prime !== 0) ?? 1;
  for (let i = 0; i < items.length; i++) {
    const item = items[(i * step) % items.length];
    if (item !== undefined) yield item;
  }
}
