/** Says who makes a request, as far as a policy can tell. */
import type { Truth } from "../kernel/truth";
import type { SourceKeys } from "./mentions";
import type { Pattern } from "./pattern";

/** What makes a request, as far as policies can see it. */
export type CallerKind =
  | "anonymous"
  | "root"
  | "user"
  | "role"
  | "federated-user"
  | "provider"
  | "canonical"
  | "unique"
  | "identity"
  | "service";

/** A text key that is bound to the caller: one value, or any of a domain. */
export type Bound = { readonly fixed: string } | { readonly domain: Pattern; readonly ordinary: readonly string[] };

/** For whom a service acts. */
export interface Source {
  readonly account: string;
  /** The keys that tell it. */
  readonly keys: SourceKeys;
  /** Written ARNs of resources of that account, or ARNs that tell no account. */
  readonly arns: Pattern;
  readonly ordinaryArns: readonly string[];
  /** The ARNs that nobody else's resource has. */
  readonly notArns: readonly Pattern[];
  /** What looks like one of the ARNs and is nobody's; of symbols what is so whatever they stand for. */
  readonly unrealArns: readonly Pattern[];
  readonly isOwn: boolean;
}

/** One kind of caller of one account. */
export interface Caller {
  readonly kind: CallerKind;
  /** Written; undefined where it can't be told or there is none. */
  readonly account: string | undefined;
  readonly partition: string;
  /** Whether it is anybody but the own account: `unknown` where its account can't be told. */
  readonly isOutsider: Truth;
  /** Whether there is such an account, whatever its symbols stand for. */
  readonly isSure: boolean;
  /** An account that the policy doesn't mention. */
  readonly isFresh: boolean;
  /** One that a pattern may take which doesn't take all others that the policy doesn't mention. */
  readonly isPickedOut: boolean;
  /** `aws:PrincipalArn`. */
  readonly arn: Bound | undefined;
  readonly userid: Bound | undefined;
  readonly username: Bound | undefined;
  /** The value of a principal element that names exactly this caller: a session, provider, service, unique id, … */
  readonly named: string | undefined;
  readonly source: Source | undefined;
  /** Texts that a key may only have if their account turns out to be another one; not counted as certain. */
  readonly doubtful: ReadonlyMap<string, readonly Pattern[]>;
  /** Texts that a key can't have, since they are somebody else's for sure. */
  readonly impossible: ReadonlyMap<string, readonly Pattern[]>;
  /** Why the account can't be told, where it can't. */
  readonly doubt: string | undefined;
}
