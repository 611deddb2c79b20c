/** Holds the naive evaluator against sentences of the IAM User Guide. */

import { evaluate, type PolicyJson, type Request, type StatementJson } from "./naive";
import { conditionsHold } from "./naive-conditions";
import { fillIn, glob } from "./naive-text";

const request: Request = {
  principal: "arn:aws:iam::111122223333:role/app",
  action: "s3:GetObject",
  resource: "arn:aws:s3:::b/folder/key",
  context: { "aws:SecureTransport": "true", "aws:username": "ada" },
};

const statement = (changes: Partial<StatementJson>): StatementJson => ({
  Effect: "Allow",
  Principal: "*",
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::b/*",
  ...changes,
});

const policy = (...statements: readonly StatementJson[]): PolicyJson => ({
  Version: "2012-10-17",
  Statement: statements,
});

/** A statement without the elements that the second one replaces. */
const without = (element: keyof StatementJson, changes: Partial<StatementJson>): StatementJson => {
  const { [element]: _, ...rest } = statement({});
  return { Effect: "Allow", ...rest, ...changes };
};

describe("wildcards", () => {
  it.each([
    ["*", "", true],
    ["*", "a/b", true],
    ["?", "", false],
    ["?", "a", true],
    ["a*c", "abbc", true],
    ["a*c", "abbd", false],
    ["*a*b", "xxaxxbxb", true],
    ["a?", "a", false],
    ["arn:aws:s3:::b*", "arn:aws:s3:::b-backup/x", true],
    ["arn:aws:s3:::b/*", "arn:aws:s3:::b", false],
    ["arn:aws:s3:::b/?*", "arn:aws:s3:::b/x", true],
  ])("%s against %s", (pattern, text, expected) => {
    expect(glob(pattern, text)).toBe(expected);
  });

  it("takes what a variable brings in literally", () => {
    const filled = fillIn("home/${aws:username}/*", new Map([["aws:username", ["a*a"]]]));
    expect(glob(filled?.text ?? "", "home/a*a/x", filled?.literal)).toBe(true);
    expect(glob(filled?.text ?? "", "home/aba/x", filled?.literal)).toBe(false);
  });

  it("knows defaults and the three literal variables", () => {
    expect(fillIn("${aws:PrincipalTag/team, 'none'}", new Map())?.text).toBe("none");
    expect(fillIn("${*}${?}${$}", new Map())?.text).toBe("*?$");
    expect(fillIn("${aws:username}", new Map())).toBeUndefined();
  });
});

describe("effects", () => {
  it("denies where both match, whatever the order", () => {
    const both = [statement({}), statement({ Effect: "Deny" })];
    expect(evaluate(policy(...both), request)).toBe("deny");
    expect(evaluate(policy(...both.reverse()), request)).toBe("deny");
  });

  it("says nothing of what no statement matches", () => {
    expect(evaluate(policy(statement({ Action: "s3:PutObject" })), request)).toBe("neither");
    expect(evaluate({ Statement: statement({}) }, request)).toBe("allow");
  });
});

describe("actions and resources", () => {
  it.each([
    ["S3:getobject", true],
    ["s3:Get*", true],
    ["s3:*", true],
    ["*", true],
    ["s3:GetObjec?", true],
    ["s3:GetObjectVersion", false],
    ["s3express:*", false],
  ])("Action %s", (action, expected) => {
    expect(evaluate(policy(statement({ Action: action })), request)).toBe(expected ? "allow" : "neither");
    expect(evaluate(policy(without("Action", { NotAction: action })), request)).toBe(expected ? "neither" : "allow");
  });

  it("negates resources", () => {
    const elsewhere = without("Resource", { NotResource: "arn:aws:s3:::b/other/*" });
    const here = without("Resource", { NotResource: ["arn:aws:s3:::b/other/*", "arn:aws:s3:::b/folder/*"] });
    expect(evaluate(policy(elsewhere), request)).toBe("allow");
    expect(evaluate(policy(here), request)).toBe("neither");
  });

  it("replaces variables in resources, but not in 2008 policies", () => {
    const mine = statement({ Resource: "arn:aws:s3:::b/${aws:username}/*" });
    const adas = { ...request, resource: "arn:aws:s3:::b/ada/x" };
    const literal = { ...request, resource: "arn:aws:s3:::b/${aws:username}/x" };
    expect(evaluate(policy(mine), adas)).toBe("allow");
    expect(evaluate(policy(mine), literal)).toBe("neither");
    expect(evaluate({ Version: "2008-10-17", Statement: [mine] }, adas)).toBe("neither");
    expect(evaluate({ Statement: [mine] }, literal)).toBe("allow");
  });
});

describe("principals", () => {
  const role = "arn:aws:iam::111122223333:role/app";
  it.each<[StatementJson["Principal"], Request["principal"], boolean]>([
    ["*", "*", true],
    [{ AWS: "*" }, "*", true],
    ["*", { service: "logging.s3.amazonaws.com" }, true],
    [{ AWS: role }, role, true],
    [{ AWS: [role] }, "*", false],
    [{ AWS: "111122223333" }, role, true],
    [{ AWS: "arn:aws:iam::111122223333:root" }, role, true],
    [{ AWS: "arn:aws-cn:iam::111122223333:root" }, role, false],
    [{ AWS: "arn:aws:iam::444455556666:root" }, role, false],
    [{ AWS: role }, "arn:aws:sts::111122223333:assumed-role/app/me", true],
    [{ AWS: "arn:aws:sts::111122223333:assumed-role/app/me" }, role, false],
    [{ Service: "logging.s3.amazonaws.com" }, { service: "logging.s3.amazonaws.com" }, true],
    [{ Service: "logging.s3.amazonaws.com" }, { service: "delivery.logs.amazonaws.com" }, false],
    [{ Service: "logging.s3.amazonaws.com", AWS: role }, role, true],
  ])("%j names %j: %s", (principal, caller, expected) => {
    const asked = { ...request, principal: caller };
    expect(evaluate(policy(without("Principal", { Principal: principal ?? "*" })), asked)).toBe(
      expected ? "allow" : "neither",
    );
    expect(evaluate(policy(without("Principal", { NotPrincipal: principal ?? "*" })), asked)).toBe(
      expected ? "neither" : "allow",
    );
  });
});

describe("conditions", () => {
  const context = new Map([
    ["aws:securetransport", ["false"]],
    ["aws:username", ["Ada"]],
    ["s3:tlsversion", ["1.2"]],
    ["aws:currenttime", ["2026-01-02T03:04:05Z"]],
    ["aws:epochtime", ["1767322800"]],
    ["aws:sourceip", ["203.0.113.7"]],
    ["aws:vpcsourceip", ["2001:db8::7"]],
    ["aws:sourcearn", ["arn:aws:s3:::b/c:d"]],
    ["aws:tagkeys", ["team", "cost"]],
    ["kms:grantoperations", []],
  ]);

  it.each<[string, string, boolean | string | readonly string[], boolean]>([
    ["StringEquals", "AWS:userName", "Ada", true],
    ["StringEquals", "aws:username", "ada", false],
    ["StringEquals", "aws:username", ["x", "Ada"], true],
    ["StringEquals", "aws:username", "A*", false],
    ["StringEquals", "aws:absent", "x", false],
    ["StringEqualsIfExists", "aws:absent", "x", true],
    ["StringEqualsIfExists", "aws:username", "x", false],
    ["StringNotEquals", "aws:username", ["x", "Ada"], false],
    ["StringNotEquals", "aws:absent", "x", true],
    ["StringNotEqualsIfExists", "aws:absent", "x", true],
    ["StringEqualsIgnoreCase", "aws:username", "ADA", true],
    ["StringNotEqualsIgnoreCase", "aws:username", "ADA", false],
    ["StringLike", "aws:username", "A?a", true],
    ["StringNotLike", "aws:username", "A*", false],
    ["StringNotLike", "aws:absent", "*", true],
    ["StringEquals", "aws:securetransport", false, true],
    ["StringEquals", "aws:securetransport", "False", false],
    ["Bool", "aws:securetransport", "False", true],
    ["Bool", "aws:securetransport", ["true", "false"], true],
    ["Bool", "aws:absent", "false", false],
    ["BoolIfExists", "aws:absent", "false", true],
    ["NumericLessThan", "s3:tlsversion", "1.2", false],
    ["NumericLessThanEquals", "s3:tlsversion", "1.20", true],
    ["NumericGreaterThan", "s3:tlsversion", "1.1", true],
    ["NumericGreaterThanEquals", "s3:tlsversion", "1.3", false],
    ["NumericEquals", "s3:tlsversion", "1.2", true],
    ["NumericNotEquals", "s3:tlsversion", "1.2", false],
    ["NumericNotEquals", "aws:absent", "1.2", true],
    ["NumericLessThan", "aws:absent", "1.2", false],
    ["NumericLessThanIfExists", "aws:absent", "1.2", true],
    ["DateGreaterThan", "aws:currenttime", "2026-01-01T00:00:00Z", true],
    ["DateLessThan", "aws:currenttime", "2026-01-02T04:04:05+02:00", false],
    ["DateEquals", "aws:epochtime", "2026-01-02T03:00:00Z", true],
    ["DateLessThan", "aws:currenttime", "1767322800", false],
    ["IpAddress", "aws:sourceip", "203.0.113.0/24", true],
    ["IpAddress", "aws:sourceip", ["10.0.0.0/8", "203.0.113.7"], true],
    ["IpAddress", "aws:sourceip", "203.0.113.8/30", false],
    ["IpAddress", "aws:sourceip", "0.0.0.0/0", true],
    ["IpAddress", "aws:vpcsourceip", "2001:db8::/32", true],
    ["IpAddress", "aws:vpcsourceip", "0.0.0.0/0", false],
    ["NotIpAddress", "aws:sourceip", "203.0.113.0/24", false],
    ["NotIpAddress", "aws:absent", "203.0.113.0/24", true],
    ["ArnLike", "aws:sourcearn", "arn:aws:s3:::b/*", true],
    ["ArnEquals", "aws:sourcearn", "arn:*:s3:::b/c:?", true],
    ["ArnLike", "aws:sourcearn", "arn:aws:*b/c:d", false],
    ["ArnLike", "aws:sourcearn", "*", false],
    ["ArnNotLike", "aws:sourcearn", "arn:aws:s3:::b/*", false],
    ["ArnNotEquals", "aws:absent", "arn:aws:s3:::b/*", true],
    ["Null", "aws:username", "true", false],
    ["Null", "aws:username", "false", true],
    ["Null", "aws:absent", true, true],
    ["ForAllValues:StringEquals", "aws:tagkeys", ["team", "cost", "x"], true],
    ["ForAllValues:StringEquals", "aws:tagkeys", ["team"], false],
    ["ForAllValues:StringEquals", "aws:absent", "x", true],
    ["ForAllValues:StringEquals", "kms:grantoperations", "x", true],
    ["ForAnyValue:StringEquals", "aws:tagkeys", ["team"], true],
    ["ForAnyValue:StringEquals", "aws:absent", "x", false],
    ["ForAnyValue:StringNotEquals", "aws:absent", "x", false],
    ["ForAnyValue:StringNotEquals", "aws:tagkeys", ["team"], true],
    ["ForAnyValue:StringNotEquals", "aws:tagkeys", ["team", "cost"], false],
    ["ForAllValues:StringNotLike", "aws:tagkeys", ["t*"], false],
    ["ForAllValues:StringNotLike", "aws:tagkeys", ["x*"], true],
    ["ForAnyValue:StringLikeIfExists", "aws:absent", "x", true],
  ])("%s %s %j: %s", (operator, key, value, expected) => {
    expect(conditionsHold({ [operator]: { [key]: value } }, context, true)).toBe(expected);
  });

  it("needs every operator and every key", () => {
    const good = { "aws:username": "Ada" };
    expect(conditionsHold({ StringEquals: { ...good, "s3:TlsVersion": "1.2" } }, context, true)).toBe(true);
    expect(conditionsHold({ StringEquals: { ...good, "s3:TlsVersion": "1.3" } }, context, true)).toBe(false);
    expect(conditionsHold({ StringEquals: good, Null: { "aws:username": "true" } }, context, true)).toBe(false);
  });

  it("replaces variables in string values only, and none without a value matches", () => {
    expect(conditionsHold({ StringEquals: { "aws:username": "${aws:username}" } }, context, true)).toBe(true);
    expect(conditionsHold({ StringEquals: { "aws:username": "${aws:username}" } }, context, false)).toBe(false);
    expect(conditionsHold({ StringLike: { "aws:username": "*${aws:absent}" } }, context, true)).toBe(false);
    expect(conditionsHold({ StringNotLike: { "aws:username": "*${aws:absent}" } }, context, true)).toBe(true);
  });

  it("refuses an operator that AWS doesn't have", () => {
    expect(() => conditionsHold({ StringMatches: { "aws:username": "x" } }, context, true)).toThrow("StringMatches");
  });
});
