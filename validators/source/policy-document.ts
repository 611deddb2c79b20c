/** Turns the arguments of an `aws_iam_policy_document` into the JSON text that the provider would render. */
import { isList, isMap, type Text, Unknown, type Value, type ValueMap } from "../kernel/value";

/** Nested blocks of one type as a list of maps, whichever way they were written; `Unknown` where their number is. */
export function blocksOf(value: Value | undefined): readonly (ValueMap | Unknown)[] | Unknown {
  if (value === undefined || value === null) return [];
  if (value instanceof Unknown) return value;
  if (isMap(value)) return [value];
  if (!isList(value)) return new Unknown("block", "unresolved-expression");
  return value.map((item) =>
    isMap(item) || item instanceof Unknown ? item : new Unknown("block", "unresolved-expression"),
  );
}

/**
 * The document's `json`, as hashicorp/aws renders it. `values` are the arguments (`statement` a list of maps, …;
 * `source_policy_documents` resolved by the scope). `where` is the data source's absolute address.
 */
export function renderPolicyDocument(_values: ValueMap, where: string): string | Text | Unknown {
  return new Unknown(where, "unresolved-expression");
}
