/** The model of a policy document: AWS's elements as data, texts written with letters for symbols. */
import type { Letters } from "./letters";
import type { Operator } from "./operators";

/** A policy document that AWS would take, as far as can be told. */
export interface PolicyDocument {
  readonly letters: Letters;
  readonly version: "2008-10-17" | "2012-10-17";
  readonly statements: readonly Statement[];
}

/** Texts of an element; `holes` stand for any number of further, unknown ones. */
export interface Texts {
  readonly values: readonly string[];
  readonly holes: readonly string[];
}

/** `Action` or `NotAction`, `Resource` or `NotResource`. */
export interface Element extends Texts {
  readonly isNegated: boolean;
}

/** `Principal` or `NotPrincipal`. */
export interface Principals {
  readonly isNegated: boolean;
  readonly items: readonly PrincipalItem[];
  readonly holes: readonly string[];
}

/** Whom one value of a principal element names (IAM user guide, «AWS JSON policy elements: Principal»). */
export type PrincipalItem =
  | { readonly kind: "everyone"; readonly written: string }
  /** All of an account; `partition` is undefined for a bare account number. */
  | {
      readonly kind: "account";
      readonly written: string;
      readonly partition: string | undefined;
      readonly account: string;
    }
  /** One user, role, role session or federated user. */
  | {
      readonly kind: "arn";
      readonly type: "user" | "role" | "session" | "federated-user";
      readonly written: string;
      readonly partition: string;
      readonly account: string;
    }
  /** Something of an account whose type is symbolic. */
  | { readonly kind: "within"; readonly written: string; readonly partition: string; readonly account: string }
  /** A CloudFront origin access identity, or a canonical user: of an account of AWS's own. */
  | { readonly kind: "identity"; readonly written: string }
  /** `AROA…`, `AIDA…`: a principal whose account can't be told. */
  | { readonly kind: "unique"; readonly written: string }
  | { readonly kind: "service"; readonly written: string }
  /** An identity provider; `account` where its ARN tells it. */
  | {
      readonly kind: "provider";
      readonly written: string;
      readonly partition?: string;
      readonly account?: string;
    }
  | { readonly kind: "canonical"; readonly written: string }
  /** Symbolic text that could be any of these. */
  | { readonly kind: "opaque"; readonly written: string };

/** One key of one operator in a `Condition`. */
export interface Condition extends Texts {
  readonly operator: Operator;
  /** As written, and in lower case: AWS compares key names without regard to case. */
  readonly key: string;
  readonly lower: string;
}

/** One statement. */
export interface Statement {
  /** 1 for the first. */
  readonly number: number;
  readonly sid: string | undefined;
  /** `unknown`: symbolic, one of the two. */
  readonly effect: "Allow" | "Deny" | "unknown";
  readonly principals: Principals;
  readonly actions: Element;
  /** Undefined where there is neither `Resource` nor `NotResource`, which only KMS takes (to no effect). */
  readonly resources: Element | undefined;
  readonly conditions: readonly Condition[];
  /** Conditions, or whole statements, of unknown content: the letters that stand there. */
  readonly holes: readonly string[];
}

/** How people call a statement: by its Sid, else its number. */
export const nameOf = (statement: Statement, letters: Letters): string =>
  statement.sid === undefined
    ? `statement ${statement.number}`
    : `statement ${statement.number} \`${letters.show(statement.sid)}\``;
