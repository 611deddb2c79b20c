/** Reading values three-valued: what can't be told stays unknown, and nothing else does. */
import { Sym, type Text, type Truth, text, Unknown, type Value } from "../../validators/kernel/index";
import { accountInArn, arnField, gapsOf, isOneOf, isSame, isSet } from "../../validators/rules/values";

const unknown = new Unknown("x.y", "computed-at-apply");
const account = new Sym("data.aws_caller_identity.c.account_id", "account-id");
const other = new Sym("var.account", "account-id", { because: "variable-without-value", expression: "var.account" });
const anything = new Sym("var.arn", "any");
const name = new Sym("aws_iam_role.r.name", "name");

test.each<[Value, Truth]>([
  [true, "yes"],
  ["true", "yes"],
  [false, "no"],
  ["false", "no"],
  [null, "no"],
  ["TRUE", "no"],
  [1, "no"],
  [[], "no"],
  [unknown, "unknown"],
  [text(["t", anything]), "unknown"],
])("isSet(%j): %s", (value, expected) => {
  expect(isSet(value)).toBe(expected);
});

test("an unset flag has its default", () => {
  expect([isSet(null, true), isSet(null, false), isSet(false, true)]).toEqual(["yes", "no", "no"]);
});

test.each<[Value, Truth]>([
  ["a", "yes"],
  ["c", "no"],
  ["A", "no"],
  [null, "no"],
  [true, "no"],
  [["a"], "no"],
  [unknown, "unknown"],
  [text([anything]), "unknown"],
])("isOneOf(%j, a or b): %s", (value, expected) => {
  expect(isOneOf(value, ["a", "b", "true"])).toBe(expected);
});

test.each<[string, string | Text, string | Text, Truth]>([
  ["the same text", "111122223333", "111122223333", "yes"],
  ["other text", "111122223333", "444455556666", "no"],
  ["a symbol and itself", text([account]), text([account]), "yes"],
  ["two symbols", text([account]), text([other]), "unknown"],
  ["a symbol and what it may be", text([account]), "111122223333", "unknown"],
  ["what a symbol may be, and the symbol", "111122223333", text([account]), "unknown"],
  ["an account's symbol and a word", text([account]), "anonymous", "no"],
  ["a word and an account's symbol", "anonymous", text([account]), "no"],
  ["an account's symbol and thirteen digits", text([account]), "1111222233334", "no"],
  ["an account's symbol and digits after a letter", text([account]), "a111122223333", "no"],
  ["a symbol of any text and a word", text([anything]), "anonymous", "unknown"],
  ["starts that differ", text(["role/a", name]), text(["user/a", name]), "no"],
  ["starts that may meet", text(["role/", name]), text(["role/a", name]), "unknown"],
  ["a longer start that may meet", text(["role/a", name]), text(["role/", name]), "unknown"],
  ["a start against a text that begins so", text(["role/", name]), "role/ada", "unknown"],
  ["a start against a text that begins otherwise", text(["role/", name]), "user/ada", "no"],
  ["a start against a text that ends so", text(["da", name]), "ada", "no"],
  ["a symbol with an end against a word", text([account, ":x"]), "anonymous", "unknown"],
  ["a word against a symbol with an end", "anonymous", text([account, ":x"]), "unknown"],
])("isSame, %s", (_, one, another, expected) => {
  expect(isSame(one, another)).toBe(expected);
});

test.each<[string, Value, number, string | Text | undefined]>([
  ["the partition", "arn:aws:iam::111122223333:role/ada", 1, "aws"],
  ["the account", "arn:aws:iam::111122223333:role/ada", 4, "111122223333"],
  ["an empty field", "arn:aws:s3:::bucket", 4, ""],
  ["a name with colons", "arn:aws:sns:eu-central-1:111122223333:a:b", 5, "a"],
  ["too few fields", "arn:aws:iam::111122223333", 4, undefined],
  ["too few fields for any ARN", "arn:aws:iam", 1, undefined],
  ["a symbol that may hold some fields", text(["arn:aws:", anything, "::1:role/x"]), 4, undefined],
  ["no ARN", "urn:aws:iam::111122223333:role/ada", 4, undefined],
  ["no text", null, 4, undefined],
  ["unknown", unknown, 4, undefined],
  ["a symbol in the account", text(["arn:aws:iam::", account, ":role/ada"]), 4, text([account])],
  ["an account behind a symbol", text(["arn:", new Sym("p", "partition"), ":iam::1:role/x"]), 4, "1"],
  ["an account before a symbol of any text", text(["arn:aws:iam::1:role/", anything]), 4, "1"],
  ["one cut short by a symbol of any text", text(["arn:aws:iam::1", anything]), 4, undefined],
  ["a symbol that may hold all fields", text(["arn:aws:", anything, ":1:role/x"]), 4, undefined],
  ["a symbol alone", text([anything]), 4, undefined],
  ["a half-known account", text(["arn:aws:iam::11", account, ":role/x"]), 4, text(["11", account])],
])("arnField, %s", (_, arn, index, expected) => {
  expect(arnField(arn, index)).toEqual(expected);
  if (index === 4) expect(accountInArn(arn)).toEqual(expected);
});

test("a symbol after what is no ARN finds no account", () => {
  expect(arnField(text(["urn:aws:iam::1:role/", anything]), 4)).toBeUndefined();
});

test("gaps are named by what is unknown, else by the path that was asked for", () => {
  expect(gapsOf(unknown, "a.b")).toStrictEqual([{ value: "x.y", because: "computed-at-apply" }]);
  expect(gapsOf([text([other]), unknown], "a.b")).toStrictEqual([
    { value: "var.account", because: "variable-without-value", expression: "var.account" },
    { value: "x.y", because: "computed-at-apply" },
  ]);
  for (const known of ["x", null, undefined, []])
    expect(gapsOf(known, "a.b")).toStrictEqual([{ value: "a.b", because: "computed-at-apply" }]);
});
