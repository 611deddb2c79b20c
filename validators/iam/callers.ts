/** Turns a policy and an account into the finitely many kinds of callers that the policy can tell apart. */
import type { Truth } from "../kernel/truth";
import { unmentionedAccounts } from "./accounts";
import type { Bound, Caller, CallerKind } from "./caller";
import type { PolicyDocument } from "./document";
import type { Filler } from "./fillers";
import { ANOTHER_ORGANISATION, type Situation } from "./keys";
import { hasLetter } from "./letters";
import { mentionsOf } from "./mentions";
import { isUserName, serviceNames, userNames } from "./names";
import { Classes, type DomainPiece, domainOf, literal, type Pattern, patternFrom, type SymbolLore } from "./pattern";
import { type Reach, reachIn } from "./reach";
import { logGroupNamed, unrealArns } from "./source-arns";
import type { ReachOf } from "./variable-places";

/** Which callers a question is about. */
export interface CallerScope {
  readonly document: PolicyDocument;
  readonly account: string;
  readonly partition: string;
  /** ARNs of the bucket or key and of other buckets of its account, which are nobody else's. */
  readonly ownArns: readonly string[];
  /** Unique ids whose account is known, with it. */
  readonly accountsOfIds: ReadonlyMap<string, string>;
  readonly services: boolean;
  /** Whether the service takes requests without credentials: S3 does; "to use AWS KMS, you must have credentials". */
  readonly takesAnonymous: boolean;
  /** Only outsiders count: own callers are left out. */
  readonly outsidersOnly: boolean;
  readonly lore: SymbolLore;
  /** Whether two written accounts are one, different, or can't be told. */
  readonly isSame: (a: string, b: string) => Truth;
  /** Situations of all sorts in which a caller may be. */
  readonly situationsOf: (caller: Caller) => Iterable<Situation>;
  /** Told that there are more kinds of accounts or names than are looked at. */
  readonly onIncomplete: () => void;
}

const NONE: ReadonlyMap<string, readonly Pattern[]> = new Map();
const FRESH = ["444455556666", "555566667777", "777788889999", "888899990000", "121212121212", "343434343434"];

/** More kinds of callers than anybody's policy tells apart: each is asked about by itself. */
const MOST_CALLERS = 10_000;

/** Kinds of callers; not `isComplete` where there are more than are asked about. */
export interface Callers {
  readonly callers: readonly Caller[];
  readonly isComplete: boolean;
}

/** Every kind of caller that makes a difference, the most ordinary ones first. */
export function callersOf(scope: CallerScope): Callers {
  const callers: Caller[] = [];
  for (const caller of everyCaller(scope)) {
    if (scope.outsidersOnly && caller.isOutsider === "no") continue;
    if (callers.length === MOST_CALLERS) return { callers, isComplete: false };
    callers.push(caller);
  }
  return { callers, isComplete: true };
}

function* everyCaller(scope: CallerScope): Generator<Caller> {
  if (scope.takesAnonymous) yield anonymous(scope);
  const mentions = mentionsOf(scope.document);
  const pairs = accountsOf(scope);
  for (const pair of pairs) yield* ofAccount(scope, pair, mentions.tellsCallersApart);
  yield* withoutAccount(scope, pairs);
  if (scope.services) yield* servicesOf(scope, pairs);
}

function anonymous(scope: CallerScope): Caller {
  return {
    kind: "anonymous",
    account: undefined,
    partition: scope.partition,
    isOutsider: "yes",
    isSure: true,
    isFresh: true,
    isPickedOut: false,
    arn: undefined,
    userid: { fixed: "anonymous" },
    username: undefined,
    named: undefined,
    source: undefined,
    doubtful: NONE,
    impossible: NONE,
    doubt: undefined,
  };
}

/** An account of a partition. */
interface Pair {
  readonly account: string;
  readonly partition: string;
  readonly isOutsider: Truth;
  readonly isSure: boolean;
  readonly isFresh: boolean;
  readonly isPickedOut: boolean;
}

/** Accounts that nobody mentioned come first. */
const likelyFirst = (pairs: readonly Pair[]): readonly Pair[] =>
  [...pairs].sort((a, b) => Number(b.isFresh) - Number(a.isFresh));

function accountsOf(scope: CallerScope): Pair[] {
  const mentions = mentionsOf(scope.document);
  const pairs: Pair[] = [
    {
      account: scope.account,
      partition: scope.partition,
      isOutsider: "no",
      isSure: true,
      isFresh: false,
      isPickedOut: false,
    },
  ];
  const add = (account: string, partition: string, isSure: boolean): void => {
    if (pairs.some((pair) => pair.account === account && pair.partition === partition)) return;
    const isSame = scope.isSame(account, scope.account);
    const isHere = partition === scope.partition ? "yes" : scope.isSame(partition, scope.partition);
    const isOutsider: Truth =
      isSame === "no" || isHere === "no" ? "yes" : isSame === "yes" && isHere === "yes" ? "no" : "unknown";
    pairs.push({ account, partition, isOutsider, isSure, isFresh: false, isPickedOut: false });
  };
  for (const { account, partition, isSure } of mentions.accounts) add(account, partition ?? scope.partition, isSure);
  for (const id of [...mentions.uniqueIds, ...mentions.canonicalUsers]) {
    const account = scope.accountsOfIds.get(id);
    if (account !== undefined) add(account, scope.partition, true);
  }
  return [...pairs, ...unmentioned(scope, pairs)];
}

/** Accounts that the policy doesn't mention: an ordinary one, and one of each kind that it tells apart. */
function unmentioned(scope: CallerScope, mentioned: readonly Pair[]): readonly Pair[] {
  const { document, lore, partition } = scope;
  const reachOf = reachesOf(scope);
  const taken = new Set(mentioned.filter((pair) => pair.partition === partition).map(({ account }) => account));
  const known = new Set([...mentioned.map(({ account }) => account), ...scope.accountsOfIds.values()]);
  const partitions = [...new Set(mentioned.map((pair) => pair.partition))];
  const ordinary = FRESH.filter((account) => !known.has(account));
  const { fillers, isComplete } = unmentionedAccounts({ document, partitions, taken, ordinary, reachOf, lore });
  if (!isComplete) scope.onIncomplete();
  const first: Filler = { text: ordinary[0] ?? "999900001111", isPickedOut: false, isOnly: false };
  const all = fillers.some(({ text }) => text === first.text) ? fillers : [first, ...fillers];
  return all.map(({ text, isPickedOut, isOnly }) => ({
    account: text,
    partition,
    // of its kind, an only one may be the own one
    isOutsider: isOnly && hasLetter(scope.account) ? "unknown" : "yes",
    isSure: true,
    isFresh: true,
    isPickedOut,
  }));
}

const reaches = new WeakMap<CallerScope, Map<string, Reach>>();

/** What keys can be, whoever calls: of each of them once. */
function reachesOf(scope: CallerScope): ReachOf {
  const known = reaches.get(scope) ?? new Map<string, Reach>([["resource", reachOfResource(scope)]]);
  reaches.set(scope, known);
  return (key) => {
    const reach = known.get(key) ?? reachIn(key, situationsOf(scope));
    known.set(key, reach);
    return reach;
  };
}

function reachOfResource({ ownArns: [own = ""] }: CallerScope): Reach {
  return { values: [own], isOpen: true, domains: [domainOf([`${own}/`, { oneOrMore: Classes.any }])] };
}

/** Situations of all sorts for callers of all sorts. */
function situationsOf(scope: CallerScope): readonly Situation[] {
  const { account, partition } = scope;
  const pair: Pair = { account, partition, isOutsider: "no", isSure: true, isFresh: false, isPickedOut: false };
  const callers = [anonymous(scope), role(scope, pair), anyUser(scope, pair), serviceFor(scope, pair, "", false)];
  return callers.flatMap((caller) => [...scope.situationsOf(caller)]);
}

const arnOf = (pair: Pair, service: "iam" | "sts", resource: string): string =>
  `arn:${pair.partition}:${service}::${pair.account}:${resource}`;

function ofAccount(scope: CallerScope, pair: Pair, tellsApart: boolean): Caller[] {
  const callers = [...rolesOf(scope, pair)];
  const named = [...sessionsOf(scope, pair), ...symbolicArnsOf(scope, pair)];
  if (!tellsApart && named.length === 0) return callers;
  callers.push(...usersOf(scope, pair), root(scope, pair), federatedUser(scope, pair), ...named);
  for (const provider of mentionsOf(scope.document).providers)
    if (provider.account === pair.account && provider.partition === pair.partition)
      for (const one of rolesOf(scope, pair)) callers.push({ ...one, kind: "provider", named: provider.written });
  return callers;
}

function bound(pieces: readonly DomainPiece[], ...ordinary: string[]): Bound {
  return { domain: domainOf(pieces), ordinary };
}

function member(scope: CallerScope, pair: Pair, kind: CallerKind, arn: Bound, userid: Bound): Caller {
  const { doubt, doubtful, impossible } = userIdsOf(scope);
  return {
    kind,
    account: pair.account,
    partition: pair.partition,
    isOutsider: pair.isOutsider,
    isSure: pair.isSure,
    isFresh: pair.isFresh,
    isPickedOut: pair.isPickedOut,
    arn,
    userid,
    username: undefined,
    named: undefined,
    source: undefined,
    doubtful,
    impossible,
    doubt,
  };
}

const userIds = new WeakMap<CallerScope, Pick<Caller, "doubt" | "doubtful" | "impossible">>();

/**
 * What `aws:userid` may begin with only if its account turns out to be another one, and what it can't begin with, since each
 * unique id whose account is known is a caller of its own; made once for all callers.
 */
function userIdsOf(scope: CallerScope): Pick<Caller, "doubt" | "doubtful" | "impossible"> {
  const known = userIds.get(scope);
  if (known !== undefined) return known;
  const { uniqueIds } = mentionsOf(scope.document);
  // a new principal's id differs from every text anyway (SymbolLore.isDistinct)
  const told = uniqueIds.filter((id) => scope.accountsOfIds.has(id) && !hasLetter(id));
  const untold = scope.outsidersOnly ? uniqueIds.filter((id) => !scope.accountsOfIds.has(id)) : [];
  const beginning = (ids: readonly string[]): Caller["doubtful"] =>
    ids.length > 0 ? new Map([["aws:userid", ids.map(anySessionOf)]]) : NONE;
  const made = { doubt: untold[0], doubtful: beginning(untold), impossible: beginning(told) };
  userIds.set(scope, made);
  return made;
}

/** `aws:userid` of a unique id: itself, or with a session behind it. */
const anySessionOf = (id: string): Pattern =>
  patternFrom(
    [
      { text: id, isVerbatim: true },
      { text: "*", isVerbatim: false },
    ],
    "glob",
  );

function role(scope: CallerScope, pair: Pair): Caller {
  const arn = bound([arnOf(pair, "iam", "role/"), { oneOrMore: Classes.path }], arnOf(pair, "iam", "role/reader"));
  const userid = bound(
    ["AROA", { oneOrMore: Classes.upper }, ":", { oneOrMore: Classes.name }],
    "AROA3XFRBF535PLBIFPI4:session",
  );
  return member(scope, pair, "role", arn, userid);
}

/** A role whose path holds what only paths may: colons, among others, which wildcards of string operators take. */
function roleWithPath(scope: CallerScope, pair: Pair): Caller {
  const pieces = [arnOf(pair, "iam", "role/"), { oneOrMore: Classes.visible }, "/", { oneOrMore: Classes.name }];
  return { ...role(scope, pair), arn: bound(pieces, arnOf(pair, "iam", "role/team/reader")) };
}

/** Roles: any, and where wildcards take colons, one with such a path. */
const rolesOf = (scope: CallerScope, pair: Pair): readonly Caller[] =>
  mentionsOf(scope.document).comparesArnsLoosely ? [role(scope, pair), roleWithPath(scope, pair)] : [role(scope, pair)];

const USER_ID = "AIDA3XFRBF535PLBIFPI4";

function user(scope: CallerScope, pair: Pair, arn: Bound, name: string): Caller {
  const userid = bound(["AIDA", { oneOrMore: Classes.upper }], USER_ID);
  return { ...member(scope, pair, "user", arn, userid), username: { fixed: name } };
}

function anyUser(scope: CallerScope, pair: Pair): Caller {
  const start = arnOf(pair, "iam", "user/");
  return user(scope, pair, bound([start, { oneOrMore: Classes.path }], `${start}jane`), "jane");
}

/**
 * Users: any, and where names are compared, one of each name, for a user's name is the last part of its ARN; each once
 * without a path and once with one.
 */
function usersOf(scope: CallerScope, pair: Pair): readonly Caller[] {
  const { namesUsers, comparesArnsLoosely } = mentionsOf(scope.document);
  const start = arnOf(pair, "iam", "user/");
  const { visible, name } = Classes;
  if (!namesUsers) {
    const withPath = bound([start, { oneOrMore: visible }, "/", { oneOrMore: name }], `${start}staff/jane`);
    return [anyUser(scope, pair), ...(comparesArnsLoosely ? [user(scope, pair, withPath, "jane")] : [])];
  }
  return namesIn(scope, pair).flatMap((called) => [
    user(scope, pair, { fixed: start + called }, called),
    user(scope, pair, bound([start, { oneOrMore: visible }, `/${called}`], `${start}staff/${called}`), called),
  ]);
}

const usersNames = new WeakMap<CallerScope, Map<string, readonly string[]>>();

/** Users' names in an account; worked out once for all accounts where only names are compared. */
function namesIn(scope: CallerScope, pair: Pair): readonly string[] {
  const { keys, variables, tellsUsersApart } = mentionsOf(scope.document);
  const isOfAccount = keys.has("aws:principalarn") || variables.size > 0 || tellsUsersApart;
  const of = isOfAccount ? arnOf(pair, "iam", "user/") : "";
  const known = usersNames.get(scope) ?? new Map<string, readonly string[]>();
  const names = known.get(of) ?? namesOf(scope, pair);
  usersNames.set(scope, known.set(of, names));
  return names;
}

/** Users' names that the policy tells apart, and those that hold symbols. */
function namesOf(scope: CallerScope, pair: Pair): readonly string[] {
  const { document, lore } = scope;
  const ofAny = reachesOf(scope);
  const reachOf: ReachOf = (key) =>
    IS_ACCOUNT.test(key) ? { values: [pair.account], isOpen: false, domains: [] } : ofAny(key);
  const { fillers, isComplete } = userNames({ document, reachOf, lore }, arnOf(pair, "iam", "user/"));
  if (!isComplete) scope.onIncomplete();
  const written = mentionsOf(document).likelyUserNames.filter((name) => isUserName(name, lore));
  return [...new Set([...fillers.map(({ text }) => text), ...written])];
}

const IS_ACCOUNT = /^(aws:principalaccount|kms:calleraccount)$/;

/**
 * Those whose ARN a principal element names with symbols in it: it is theirs whatever the symbols stand for, since AWS
 * refuses what is nobody's. What a user is called can't be told of all of them.
 */
function symbolicArnsOf(scope: CallerScope, pair: Pair): Caller[] {
  const { symbolicArns, namesUsers } = mentionsOf(scope.document);
  return symbolicArns.flatMap(({ written, type, account, partition }) => {
    if (account !== pair.account || partition !== pair.partition || type === "session") return [];
    const arn = { fixed: written };
    if (type === "role") return [{ ...role(scope, pair), arn }];
    if (type === "user") return namesUsers ? [] : [user(scope, pair, arn, "jane")];
    const name = written.slice(written.indexOf("/") + 1);
    return [{ ...federatedUser(scope, pair), arn, userid: { fixed: `${account}:${name}` } }];
  });
}

function root(scope: CallerScope, pair: Pair): Caller {
  return member(scope, pair, "root", { fixed: arnOf(pair, "iam", "root") }, { fixed: pair.account });
}

function federatedUser(scope: CallerScope, pair: Pair): Caller {
  const arn = bound(
    [arnOf(pair, "sts", "federated-user/"), { oneOrMore: Classes.name }],
    arnOf(pair, "sts", "federated-user/guest"),
  );
  return member(
    scope,
    pair,
    "federated-user",
    arn,
    bound([`${pair.account}:`, { oneOrMore: Classes.name }], `${pair.account}:guest`),
  );
}

/**
 * Sessions that a principal element names. It tells their role's name but not the path before it, which is part of the
 * role's ARN: where ARNs are compared, each is once a role's without a path and once one's with any.
 */
function sessionsOf(scope: CallerScope, pair: Pair): Caller[] {
  const { sessions, keys } = mentionsOf(scope.document);
  return sessions.flatMap(({ written, account, partition }) => {
    if (account !== pair.account || partition !== pair.partition) return [];
    const [, roleName = "", sessionName = ""] = written.split("/");
    const userid = bound(
      ["AROA", { oneOrMore: Classes.upper }, `:${sessionName}`],
      `AROA3XFRBF535PLBIFPI4:${sessionName}`,
    );
    const start = arnOf(pair, "iam", "role/");
    const made = (arn: Bound): Caller => ({ ...member(scope, pair, "role", arn, userid), named: written });
    const plain = made({ fixed: `${start}${roleName}` });
    if (!keys.has("aws:principalarn")) return [plain];
    return [plain, made(bound([start, { oneOrMore: Classes.visible }, `/${roleName}`], `${start}team/${roleName}`))];
  });
}

/**
 * Callers whose account can't be told, once for each account that it may be: web identities, canonical users, unique
 * ids. The own account's are no outsiders. And CloudFront's own identities, which are nobody's.
 */
function* withoutAccount(scope: CallerScope, pairs: readonly Pair[]): Generator<Caller> {
  const mentions = mentionsOf(scope.document);
  const web = mentions.providers.filter((provider) => provider.account === undefined);
  const doubtful = (caller: Caller, kind: CallerKind, named: string): Caller => ({
    ...caller,
    kind,
    named,
    isOutsider: caller.isOutsider === "no" ? "no" : "unknown",
    isFresh: false,
    doubtful: NONE,
    doubt: named,
  });
  for (const pair of likelyFirst(pairs)) {
    for (const id of mentions.uniqueIds) {
      const account = scope.accountsOfIds.get(id);
      const isHere = account === undefined || (account === pair.account && pair.partition === scope.partition);
      for (const one of isHere ? withUniqueId(scope, pair, id) : [])
        yield account === undefined
          ? doubtful(one, "unique", id)
          : { ...one, kind: "unique", named: id, doubtful: NONE, impossible: NONE };
    }
    for (const id of mentions.canonicalUsers) {
      const account = scope.accountsOfIds.get(id);
      if (account !== undefined && (account !== pair.account || pair.partition !== scope.partition)) continue;
      for (const one of [anyOf(scope, pair), ...(mentions.namesUsers ? usersOf(scope, pair) : [])])
        yield account === undefined ? doubtful(one, "canonical", id) : { ...one, kind: "canonical", named: id };
    }
    for (const { written } of web) for (const one of rolesOf(scope, pair)) yield doubtful(one, "provider", written);
  }
  for (const identity of mentions.identities) yield originAccess(scope, pairs, identity);
}

/** The user or the role, in an account, that a unique id stands for. What a user is called can't be told. */
function withUniqueId(scope: CallerScope, pair: Pair, id: string): readonly Caller[] {
  const isUser = id.startsWith("AIDA") || scope.document.letters.symbolAt(id.charCodeAt(0))?.kind === "user-id";
  if (isUser) return usersOf(scope, pair).map((one) => ({ ...one, userid: { fixed: id } }));
  const userid = bound([`${id}:`, { oneOrMore: Classes.name }], `${id}:session`);
  return rolesOf(scope, pair).map((one) => ({ ...one, userid }));
}

/** Anybody of an account: a canonical user id stands for all of it. */
function anyOf(scope: CallerScope, pair: Pair): Caller {
  const start = `arn:${pair.partition}:`;
  const arn = bound(
    [start, { oneOrMore: Classes.lower }, `::${pair.account}:`, { oneOrMore: Classes.visible }],
    arnOf(pair, "iam", "role/reader"),
  );
  return member(scope, pair, "canonical", arn, ANYTHING);
}

const ANYTHING = bound([{ anyNumber: Classes.any }]);

/** A CloudFront origin access identity: of an account that nobody names. */
function originAccess(scope: CallerScope, pairs: readonly Pair[], identity: string): Caller {
  const account = pairs.find(({ isFresh }) => isFresh)?.account;
  const arn: Bound = { fixed: identity };
  return { ...anonymous(scope), kind: "identity", isFresh: false, account, arn, userid: ANYTHING, named: identity };
}

function* servicesOf(scope: CallerScope, pairs: readonly Pair[]): Generator<Caller> {
  const mentions = mentionsOf(scope.document);
  const ordinary = ["cloudtrail.amazonaws.com", "config.amazonaws.com", "sns.amazonaws.com"];
  const unnamed = ordinary.find((name) => !mentions.services.includes(name)) ?? "events.amazonaws.com";
  const ordered = likelyFirst(pairs);
  const { document, lore } = scope;
  const { fillers, isComplete } = serviceNames({ document, reachOf: reachesOf(scope), lore }, ordinary);
  if (!isComplete) scope.onIncomplete();
  for (const service of new Set([...mentions.services, unnamed, ...fillers.map(({ text }) => text)]))
    for (const pair of ordered) {
      yield serviceFor(scope, pair, service, false);
      if (mentions.comparesSourceArns) yield serviceFor(scope, pair, service, true);
    }
}

/** A bucket's ARN and those of its objects. */
const withObjects = (own: string): Pattern[] => [literal(own), domainOf([`${own}/`, { anyNumber: Classes.any }])];

/** What a service acts on doesn't belong to the other organisation that it acts for. */
const NOT_THE_SOURCES: Caller["impossible"] = new Map([["aws:resourceorgid", [literal(ANOTHER_ORGANISATION)]]]);

/** ARNs of resources for which services act, as people know them. */
function ordinaryArns(scope: CallerScope, { partition, account }: Pair, isBare: boolean): readonly string[] {
  if (isBare) return [`arn:${partition}:s3:::another-bucket`];
  const trail = `arn:${partition}:cloudtrail:us-east-1:${account}:trail/management`;
  const isLoose = mentionsOf(scope.document).comparesSourcesLoosely;
  return isLoose ? [trail, logGroupNamed(scope.account, partition, account)] : [trail];
}

function serviceFor(scope: CallerScope, pair: Pair, service: string, isBare: boolean): Caller {
  const { lower, any } = Classes;
  const start = `arn:${pair.partition}:`;
  const arns = isBare
    ? domainOf([start, { oneOrMore: lower }, ":", { anyNumber: lower }, "::", { oneOrMore: any }])
    : domainOf([start, { oneOrMore: lower }, ":", { anyNumber: lower }, `:${pair.account}:`, { oneOrMore: any }]);
  const isOwn = (arn: string): boolean => scope.ownArns.some((own) => arn === own || arn.startsWith(`${own}/`));
  const { bareArns: written, comparesSourcesLoosely, sourceKeys } = mentionsOf(scope.document);
  const bareArns = written.filter((arn) => !isOwn(arn));
  const isDoubtful = isBare && scope.outsidersOnly && bareArns.length > 0;
  return {
    kind: "service",
    account: undefined,
    partition: pair.partition,
    isOutsider: pair.isOutsider,
    isSure: pair.isSure,
    isFresh: pair.isFresh,
    isPickedOut: pair.isPickedOut,
    arn: undefined,
    userid: undefined,
    username: undefined,
    named: service,
    source: {
      account: pair.account,
      keys: sourceKeys,
      arns,
      ordinaryArns: ordinaryArns(scope, pair, isBare),
      notArns: isBare && scope.outsidersOnly ? scope.ownArns.flatMap(withObjects) : [],
      unrealArns: comparesSourcesLoosely ? unrealArns(pair.partition, isBare ? "" : pair.account) : [],
      isOwn: pair.isOutsider === "no",
    },
    doubtful: isDoubtful ? new Map([["aws:sourcearn", bareArns.map(literal)]]) : NONE,
    impossible: pair.isOutsider === "no" ? NONE : NOT_THE_SOURCES,
    doubt: isDoubtful ? bareArns[0] : undefined,
  };
}
