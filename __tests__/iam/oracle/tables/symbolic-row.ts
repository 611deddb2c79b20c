/** The words in which the tables write policies with symbols in them. */

import { Sym, type Text, text } from "../../../../validators/kernel/index";
import type { StatementJson } from "../naive";
import { type Expected, outside, own, policy, type TextRow } from "./row";

const name = new Sym("aws_s3_bucket.b.bucket", "bucket-name");
const otherName = new Sym("aws_s3_bucket.c.bucket", "bucket-name");
const account = new Sym("data.aws_caller_identity.me.account_id", "account-id");
const variable = new Sym("var.anything", "any");
const partition = new Sym("data.aws_partition.here.partition", "partition");
const entity = new Sym("aws_iam_user.ada.name", "name");
const endpoint = new Sym("aws_vpc_endpoint.s3.id", "vpc-endpoint-id");
const organization = new Sym("aws_organizations_organization.own.id", "organization-id");
const ownRole = new Sym("aws_iam_role.app.unique_id", "role-id", { account: own });
const otherUser = new Sym("aws_iam_user.bob.unique_id", "user-id", { account: outside });

/** Puts symbols where the text has `<name>` and so on. */
/** What the marks in a text stand for. */
export const marks = {
  name,
  otherName,
  account,
  variable,
  partition,
  entity,
  endpoint,
  organization,
  ownRole,
  otherUser,
} as const;
/** Whether a word between `<` and `>` is a mark. */
export const isMark = (mark: string): mark is keyof typeof marks => Object.hasOwn(marks, mark);

/** A policy with symbols for its marks. */
function symbolic(...statements: readonly StatementJson[]): string | Text {
  // a whole value that isn't known stands without quotes
  const json = JSON.stringify(policy(...statements)).replaceAll('"<anything>"', "<variable>");
  const pieces = json.split(/<(\w+)>/);
  return text(pieces.map((piece, index) => (index % 2 === 1 && isMark(piece) ? marks[piece] : piece)));
}

/** The bucket's name isn't known. */
export const byName = { arn: text(["arn:aws:s3:::", name]) };
/** The own account isn't known. */
export const byAccount = { account: text([account]) };

/** A policy of some statements with marks in them, with its verdict. */
export const row = (
  ask: TextRow["ask"],
  title: string,
  expected: Expected,
  because: string,
  world: TextRow["world"],
  ...statements: readonly StatementJson[]
): TextRow => ({
  name: title,
  ask,
  policy: symbolic(...statements),
  expected,
  because,
  ...(world === undefined ? {} : { world }),
});
