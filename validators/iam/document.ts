/** The model of a policy document. */

/** A policy document in AWS's grammar. */
export interface PolicyDocument {
  readonly version: string;
}
