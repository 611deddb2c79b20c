/** Turns a policy document into what it mentions: accounts, names, services, condition keys, variables. */
import { isPrincipalKind, type SymbolKind } from "../kernel/value";
import { styleOf } from "./condition";
import { floorOf } from "./decimal";
import type { Condition, PolicyDocument, PrincipalItem, Statement } from "./document";
import { hasLetter } from "./letters";
import { momentOf, numberOf } from "./typed-values";
import { partsOfVariableText } from "./variables";

/** An account as a policy mentions it; the partition is undefined for a bare number. */
export interface MentionedAccount {
  readonly account: string;
  readonly partition: string | undefined;
  /** Whether there is such an account, whatever its symbols stand for: AWS takes no principal that is nobody's. */
  readonly isSure: boolean;
}

/** Lower-case names of the keys that tell for whom a service acts, as far as a policy mentions them. */
export interface SourceKeys {
  /** Those that hold the ARN of a resource of the account for which it acts. */
  readonly arns: ReadonlySet<string>;
  /** Those of the encryption context that hold the account itself. */
  readonly accounts: ReadonlySet<string>;
}

/** All that a policy mentions, in the order in which it does. */
export interface Mentions {
  readonly accounts: readonly MentionedAccount[];
  readonly services: readonly string[];
  readonly sessions: readonly { readonly written: string; readonly partition: string; readonly account: string }[];
  /** Principals whose ARN holds symbols. */
  readonly symbolicArns: readonly (PrincipalItem & { readonly kind: "arn" })[];
  readonly providers: readonly {
    readonly written: string;
    readonly partition?: string | undefined;
    readonly account?: string | undefined;
  }[];
  readonly canonicalUsers: readonly string[];
  readonly uniqueIds: readonly string[];
  readonly identities: readonly string[];
  /** Source ARNs that are written out and tell no account. */
  readonly bareArns: readonly string[];
  /** Users' names around the numbers and addresses with which they are compared. */
  readonly likelyUserNames: readonly string[];
  /** User names are compared, or are part of other texts. */
  readonly namesUsers: boolean;
  /** Callers' ARNs are compared as text with wildcards, which take colons. */
  readonly comparesArnsLoosely: boolean;
  readonly comparesSourceArns: boolean;
  readonly sourceKeys: SourceKeys;
  /** ARNs of what services act for are compared as text with wildcards, which take colons. */
  readonly comparesSourcesLoosely: boolean;
  /** Lower-case names of the condition keys that are compared or stand in variables. */
  readonly keys: ReadonlySet<string>;
  /** Lower-case names of the keys that stand in variables, with the names as they are written. */
  readonly variables: ReadonlyMap<string, string>;
  /** A principal element names a user. */
  readonly tellsUsersApart: boolean;
  /** Anything that tells a user from a role, or one role from another. */
  readonly tellsCallersApart: boolean;
}

const cache = new WeakMap<PolicyDocument, Mentions>();

/** What a document mentions; worked out once. */
export function mentionsOf(document: PolicyDocument): Mentions {
  const known = cache.get(document);
  if (known) return known;
  const found = new Collector(document).collect();
  cache.set(document, found);
  return found;
}

const CALLER_KEY =
  /^(aws:(principal(?!account|isawsservice|servicename)|user|token|multifactor|federated|sourceidentity|assumedroot|ec2|chatbot)|ec2:|lambda:|ssm:|glue:|identitystore:|sts:|saml:|cognito|accounts\.google|graph\.facebook|www\.amazon)/;
/** Keys of the encryption context, of which a bucket's ARN tells no account. */
const CONTEXT_KEY = /^kms:encryptioncontext:(?!aws:s3:)/;
/** Of them, those that are called after an ARN: `aws:logs:arn`, `aws:states:stateMachineArn`, `PARAMETER_ARN`, `SecretARN`. */
const CONTEXT_ARN = /^kms:encryptioncontext:(?!aws:s3:).*arn$/;
/** Those whose names AWS's services keep for themselves. */
const CONTEXT_OF_AWS = /^kms:encryptioncontext:aws:/;
/** What only an ARN of an account's resource begins with, the account known or one symbol. */
const ARN_WITH_ACCOUNT = /^arn:[^:]*:[^:]*:[^:]*:(?:\d{12}|[\uE000-\uF8FF]):/;

/** A partition, or what may turn out to be one. */
const PARTITION = /^(?:aws(?:-[a-z]+)*|[a-z-]*[\uE000-\uF8FF][a-z-\uE000-\uF8FF]*)$/;
const ACCOUNT_KEY = /account|^aws:sourceowner$/;
const UNIQUE_ID = /^(A(?:ROA|IDA)[A-Z0-9]{6,})(?::|$)/;

const isOneSymbol = (value: string): boolean => value.length === 1 && hasLetter(value);

const ignoresCase = ({ operator }: Condition): boolean => styleOf(operator)?.endsWith("-ignore-case") === true;

/** Names that a comparison tells apart which reads them as something else than text: numbers on both sides of a limit, an address. */
function namesAround({ family }: Condition["operator"], value: string): readonly string[] {
  switch (family) {
    case "numeric":
    case "date": {
      const limit = family === "numeric" ? numberOf(value) : momentOf(value);
      if (limit === undefined) return [value];
      const whole = floorOf(limit);
      return [value, ...[whole - 1n, whole, whole + 1n].map(String)];
    }
    case "ip":
      return [value.replace(/\/.*$/, "")];
    default:
      return [];
  }
}

/**
 * A service that encrypts for a resource puts its ARN into the encryption context, under a name that is its own:
 * `aws:cloudtrail:arn`, `aws:events:event-bus:arn`, `aws:backup:backup-vault`, `SecretARN` (the pages of the services, «encryption
 * context»). It is told by that name or by the form of what the key is compared with; a service's account, of which there
 * are `aws:dynamodb:subscriberId` and `aws:glue_catalog_id`, by that form. Which keys are which binds nobody with credentials of
 * his own, who may put there what he likes.
 */
function sourceKeysOf({ statements, letters }: PolicyDocument): SourceKeys {
  const arns = new Set<string>(["aws:sourcearn"]);
  const accounts = new Set<string>();
  const isAccount = (value: string): boolean =>
    /^\d{12}$/.test(value) || (isOneSymbol(value) && letters.symbolAt(value.charCodeAt(0))?.kind === "account-id");
  for (const { lower, values } of statements.flatMap(({ conditions }) => conditions)) {
    if (!CONTEXT_KEY.test(lower)) continue;
    if (CONTEXT_ARN.test(lower) || values.some((value) => ARN_WITH_ACCOUNT.test(value))) arns.add(lower);
    else if (CONTEXT_OF_AWS.test(lower) && values.some(isAccount)) accounts.add(lower);
  }
  return { arns, accounts };
}

class Collector {
  private readonly accounts: MentionedAccount[] = [];
  private readonly services = new Set<string>();
  private readonly sessions: { written: string; partition: string; account: string }[] = [];
  private readonly symbolicArns: (PrincipalItem & { readonly kind: "arn" })[] = [];
  private readonly providers: { written: string; partition?: string | undefined; account?: string | undefined }[] = [];
  private readonly canonicalUsers = new Set<string>();
  private readonly uniqueIds = new Set<string>();
  private readonly identities = new Set<string>();
  private readonly bareArns = new Set<string>();
  private readonly likelyUserNames = new Set<string>();
  private readonly keys = new Set<string>();
  private readonly variables = new Map<string, string>();
  private tellsUsersApart = false;
  private tellsCallersApart = false;
  private comparesArnsLoosely = false;
  private comparesSourcesLoosely = false;

  private readonly sourceKeys: SourceKeys;

  constructor(private readonly document: PolicyDocument) {
    this.sourceKeys = sourceKeysOf(document);
  }

  collect(): Mentions {
    for (const statement of this.document.statements) {
      this.principals(statement);
      for (const text of statement.resources?.values ?? []) this.variablesOf(text);
      for (const condition of statement.conditions) {
        this.keys.add(condition.lower);
        for (const value of condition.values) this.value(condition, value);
      }
    }
    for (const key of this.variables.keys()) this.keys.add(key);
    if (this.keys.has("aws:userid")) this.newPrincipals();
    const { accounts, sessions, symbolicArns, providers } = this;
    return {
      accounts,
      services: [...this.services],
      sessions,
      symbolicArns,
      providers,
      canonicalUsers: [...this.canonicalUsers],
      uniqueIds: [...this.uniqueIds],
      identities: [...this.identities],
      bareArns: [...this.bareArns],
      likelyUserNames: [...this.likelyUserNames],
      namesUsers: this.keys.has("aws:username"),
      comparesArnsLoosely: this.comparesArnsLoosely,
      comparesSourceArns: this.keys.has("aws:sourcearn"),
      sourceKeys: this.sourceKeys,
      comparesSourcesLoosely: this.comparesSourcesLoosely,
      keys: this.keys,
      variables: this.variables,
      tellsUsersApart: this.tellsUsersApart,
      tellsCallersApart: this.tellsCallersApart || [...this.keys].some((key) => CALLER_KEY.test(key)),
    };
  }

  private account(account: string, partition: string | undefined, isSure = true): void {
    const known = this.accounts.findIndex((one) => one.account === account && one.partition === partition);
    if (known < 0) this.accounts.push({ account, partition, isSure });
    else if (isSure) this.accounts[known] = { account, partition, isSure };
  }

  /** An account that something is compared with: one symbol may turn out to be one. */
  private comparedAccount(account: string, partition?: string): void {
    const isWritten = /^\d{12}$/.test(account);
    if (!isWritten && !isOneSymbol(account)) return;
    const isAccount = isWritten || this.isSymbol(account, "account-id");
    const isPartition = partition === undefined || !hasLetter(partition) || this.isSymbol(partition, "partition");
    this.account(account, partition, isAccount && isPartition);
  }

  private principals(statement: Statement): void {
    for (const item of statement.principals.items) {
      switch (item.kind) {
        case "account":
          this.account(item.account, item.partition);
          break;
        case "within":
        case "arn":
          this.account(item.account, item.partition);
          this.tellsCallersApart = true;
          if (item.kind === "arn" && item.type === "user") this.tellsUsersApart = true;
          if (item.kind === "arn" && hasLetter(item.written)) this.symbolicArns.push(item);
          if (item.kind === "arn" && item.type === "session")
            this.sessions.push({ written: item.written, partition: item.partition, account: item.account });
          break;
        case "service":
          if (item.written !== "*") this.services.add(item.written);
          break;
        case "provider":
          if (item.account !== undefined) this.account(item.account, item.partition);
          this.providers.push({ written: item.written, partition: item.partition, account: item.account });
          this.tellsCallersApart = true;
          break;
        case "canonical":
          this.canonicalUsers.add(item.written);
          break;
        case "unique":
          this.uniqueIds.add(item.written);
          break;
        case "identity":
          this.identities.add(item.written);
          break;
        case "everyone":
        case "opaque":
          break;
        default:
          item satisfies never;
      }
    }
  }

  private variablesOf(text: string): void {
    if (this.document.version !== "2012-10-17") return;
    for (const part of partsOfVariableText(text)) if ("variable" in part) this.variables.set(part.variable, part.name);
  }

  private value(condition: Condition, value: string): void {
    const { lower: key } = condition;
    this.variablesOf(value);
    if (ACCOUNT_KEY.test(key) || this.sourceKeys.accounts.has(key)) this.comparedAccount(value);
    for (const [, partition = "", account = ""] of value.matchAll(/arn:([^:]*):[^:]*:[^:]*:([^:]*):/g))
      this.comparedAccount(account, PARTITION.test(partition) ? partition : undefined);
    if (condition.operator.family === "string-like" && /[*?]/.test(value)) {
      if (key === "aws:principalarn") this.comparesArnsLoosely = true;
      if (this.sourceKeys.arns.has(key)) this.comparesSourcesLoosely = true;
    }
    if (key === "aws:userid") this.userid(condition, value);
    if (key === "aws:username" && !styleOf(condition.operator))
      for (const name of namesAround(condition.operator, value)) this.likelyUserNames.add(name);
    if (key === "aws:sourcearn" && /^arn:[^:*?]*:[^:*?]*:[^:*?]*::[^*?]+$/.test(value)) this.bareArns.add(value);
  }

  private isSymbol(value: string, kind: SymbolKind): boolean {
    return value.length === 1 && this.document.letters.symbolAt(value.charCodeAt(0))?.kind === kind;
  }

  /** Roles and users that are only made: whatever compares user ids may mean them. */
  private newPrincipals(): void {
    const { letters } = this.document;
    for (const symbol of letters.all) if (isPrincipalKind(symbol.kind)) this.uniqueIds.add(letters.letterOf(symbol));
  }

  private userid(condition: Condition, value: string): void {
    const id = UNIQUE_ID.exec(ignoresCase(condition) ? value.toUpperCase() : value)?.[1];
    if (id !== undefined) this.uniqueIds.add(id);
    const account = /^\d{12}/.exec(value)?.[0];
    if (account !== undefined) this.account(account, undefined);
  }
}
