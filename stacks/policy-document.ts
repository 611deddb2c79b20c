/** Turns typed IAM statements into the `jsonencode` expression that Terraform evaluates once it knows the ARNs. */
import { Fn } from "cdktf";

/** One element's value: AWS takes a single text or a list everywhere but in `Sid` and `Effect`. */
type OneOrMany = string | readonly string[];

/** Who a statement speaks of: everyone, or principals by kind. */
export type Principal = "*" | { readonly [kind in "AWS" | "Service" | "Federated"]?: OneOrMany };

/** Operator -> condition key -> values, as in https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html */
export type Conditions = Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;

/** A statement of a resource or identity policy, in AWS's own spelling, so that it reads like AWS's pages. Texts may hold CDKTF tokens. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  /** Absent in identity policies only. */
  readonly Principal?: Principal;
  readonly Action: OneOrMany;
  readonly Resource: OneOrMany;
  readonly Condition?: Conditions;
}

/** A statement of a role's trust policy: it speaks of the role itself, so AWS takes no `Resource`. */
export type TrustStatement = Omit<PolicyStatement, "Resource">;

/**
 * The policy text of some statements. `jsonencode` rather than `JSON.stringify`: Terraform then escapes what a token
 * turns out to be, and a list token stays a list.
 */
export function policyDocument(statements: readonly (PolicyStatement | TrustStatement)[]): string {
  return Fn.jsonencode({ Version: "2012-10-17", Statement: statements });
}
