/** Policies that compare numbers, dates, addresses and the values of variables: whether one of them gets through. */

import type { Request, StatementJson } from "../naive";
import {
  allow,
  bucket,
  type Changes,
  deny,
  foreign,
  objects,
  outside,
  outsiders,
  own,
  policy,
  type Row,
  request,
} from "./row";

type Test = readonly [operator: string, key: string, value: string | readonly string[]];

/** Several comparisons in one condition. */
function where(...tests: readonly Test[]): NonNullable<StatementJson["Condition"]> {
  const condition: Record<string, Record<string, string | readonly string[]>> = {};
  for (const [operator, key, value] of tests) condition[operator] = { ...condition[operator], [key]: value };
  return condition;
}

const level = "aws:PrincipalTag/level";
const address = "aws:SourceIp";
const everyone = (...tests: readonly Test[]): StatementJson => allow({ Condition: where(...tests) });
const not = (...tests: readonly Test[]): StatementJson => deny({ Condition: where(...tests) });
const leveled = (value: string): Request => foreign({ context: { [level]: value } });
const from = (ip: string): Request => request({ context: { [address]: ip } });

const hole = (name: string, because: string, through: Request, ...statements: readonly StatementJson[]): Row => ({
  name,
  ask: outsiders,
  policy: policy(...statements),
  expected: "found",
  because,
  through,
});

const closed = (name: string, because: string, ...statements: readonly StatementJson[]): Row => ({
  name,
  ask: outsiders,
  policy: policy(...statements),
  expected: "none",
  because,
});

const between = (less: string, greater: string): StatementJson =>
  everyone(["NumericGreaterThan", level, less], ["NumericLessThan", level, greater]);

const numbers: readonly Row[] = [
  hole("numbers between 5 and 6", "5.5 is one", leveled("5.5"), between("5", "6")),
  hole("numbers between -1 and 0", "-0.5 is one", leveled("-0.5"), between("-1", "0")),
  hole("numbers between two close ones", "there are more digits", leveled("0.100005"), between("0.1", "0.10001")),
  hole(
    "a large number, and the next but one",
    "they are told apart exactly",
    leveled("9007199254740993"),
    between("9007199254740992", "9007199254740994"),
  ),
  hole(
    "numbers above a very large one",
    "there is always another",
    leveled("1".repeat(40)),
    between(`1${"0".repeat(38)}`, `1${"0".repeat(41)}`),
  ),
  hole(
    "numbers below a very small one",
    "there is always another",
    leveled("-1000001"),
    between("-1000000000", "-1000000"),
  ),
  hole(
    "all numbers but a few, and their neighbours",
    "one more is left",
    leveled("8"),
    everyone(["NumericGreaterThan", level, "5"], ["NumericNotEquals", level, ["6", "7", "5.5", "6.5"]]),
  ),
  hole(
    "a number that is not written like it",
    "5.0 is 5",
    leveled("5.0"),
    everyone(["NumericEquals", level, "5"], ["StringNotEquals", level, "5"], ["StringLike", level, "5.0"]),
  ),
  hole(
    "a number that is a date as well",
    "digits are seconds since 1970",
    leveled("1900000000"),
    everyone(["NumericGreaterThan", level, "1800000000"], ["DateGreaterThan", level, "2030-01-01T00:00:00Z"]),
  ),
  hole(
    "a number that is a year as well",
    "four digits are a year",
    leveled("2027"),
    everyone(["NumericLessThan", level, "2028"], ["DateGreaterThan", level, "2026-06-01T00:00:00Z"]),
  ),
  closed(
    "numbers above 5 and up to 5",
    "there is none",
    everyone(["NumericGreaterThan", level, "5"], ["NumericLessThanEquals", level, "5.0"]),
  ),
  hole(
    "numbers from 5 on and up to 5",
    "5 is one",
    leveled("5"),
    everyone(["NumericGreaterThanEquals", level, "5"], ["NumericLessThanEquals", level, "5"]),
  ),
  closed(
    "numbers from 5 on and below 5",
    "there is none",
    everyone(["NumericGreaterThanEquals", level, "5"], ["NumericLessThan", level, "5.0"]),
  ),
  closed(
    "5, but not 5.0",
    "it is the same number",
    everyone(["NumericEquals", level, "5"], ["NumericNotEquals", level, "5.0"]),
  ),
  closed(
    "lists of between five and six entries",
    "S3 counts in whole numbers",
    allow({
      Action: "s3:ListBucket",
      Resource: bucket,
      Condition: where(["NumericGreaterThan", "s3:max-keys", "5"], ["NumericLessThan", "s3:max-keys", "6"]),
    }),
  ),
];

const dates: readonly Row[] = [
  hole(
    "a tag's date within one second",
    "seconds have fractions",
    foreign({ context: { [level]: "2027-01-01T00:00:00.5Z" } }),
    everyone(["DateGreaterThan", level, "2027-01-01T00:00:00Z"], ["DateLessThan", level, "2027-01-01T00:00:01Z"]),
  ),
  hole(
    "a time between two seconds that have one between them",
    "that second",
    request({ context: { "aws:CurrentTime": "2027-01-01T00:00:01Z" } }),
    everyone(
      ["DateGreaterThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"],
      ["DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:02Z"],
    ),
  ),
  closed(
    "a time between two seconds",
    "requests are made at whole seconds, as `aws:EpochTime` has them",
    everyone(
      ["DateGreaterThan", "aws:CurrentTime", "2027-01-01T00:00:00Z"],
      ["DateLessThan", "aws:CurrentTime", "2027-01-01T00:00:01Z"],
    ),
  ),
];

const atMoment = (seconds: number): Request =>
  request({
    context: {
      "aws:CurrentTime": new Date(seconds * 1000).toISOString().replace(".000", ""),
      "aws:EpochTime": String(seconds),
    },
  });

/** The same instant in seconds since 1970, which is no date. */
const seconds: readonly Row[] = [
  hole(
    "one second as it is written",
    "the key's text is seconds since 1970",
    atMoment(1924992000),
    everyone(["StringEquals", "aws:EpochTime", "1924992000"]),
  ),
  hole(
    "a second between two, as numbers",
    "the key of seconds is a number as well",
    atMoment(1924992001),
    everyone(["NumericGreaterThan", "aws:EpochTime", "1924992000"], ["NumericLessThan", "aws:EpochTime", "1924992002"]),
  ),
  closed(
    "a second between two that have none between them, as numbers",
    "requests are made at whole seconds",
    everyone(["NumericGreaterThan", "aws:EpochTime", "1924992000"], ["NumericLessThan", "aws:EpochTime", "1924992001"]),
  ),
  closed("a date as a number", "it is none", everyone(["NumericGreaterThan", "aws:CurrentTime", "0"])),
];

const inCapitals: readonly Row[] = [
  closed(
    "bytes, but not as they are written",
    "bytes are compared as their text",
    everyone(["BinaryEquals", level, "QUJD"], ["StringNotEquals", level, "QUJD"]),
  ),
  hole(
    "a presence in capitals",
    "`True` is true",
    request(),
    everyone(["Null", level, "True"]),
    not(["Null", level, "FALSE"]),
  ),
];

const addresses: readonly Row[] = [
  hole(
    "all addresses but one block",
    "the block",
    from("193.0.0.1"),
    everyone([
      "NotIpAddress",
      address,
      [
        "0.0.0.0/1",
        "128.0.0.0/2",
        "192.0.0.0/8",
        "194.0.0.0/7",
        "196.0.0.0/6",
        "200.0.0.0/5",
        "208.0.0.0/4",
        "224.0.0.0/3",
        "::/0",
      ],
    ]),
    not(["Null", address, "true"]),
  ),
  hole(
    "four addresses without three",
    "the fourth",
    from("203.0.113.2"),
    everyone(["IpAddress", address, "203.0.113.0/30"]),
    not(["IpAddress", address, ["203.0.113.0/31", "203.0.113.3"]]),
  ),
  hole(
    "an IPv4 range, and a Deny of it as IPv6",
    "they are different addresses",
    from("203.0.113.9"),
    everyone(["IpAddress", address, "203.0.113.0/24"]),
    not(["IpAddress", address, "::ffff:203.0.113.0/120"]),
  ),
  hole(
    "four IPv6 addresses without three",
    "the fourth",
    from("2001:db8::3"),
    everyone(["IpAddress", address, "2001:db8::/126"]),
    not(["IpAddress", address, ["2001:db8::/127", "2001:DB8:0::2"]]),
  ),
  hole(
    "all addresses but those above the lowest",
    "the lowest",
    from("7.0.0.1"),
    everyone(["NotIpAddress", address, ["8.0.0.0/5", "16.0.0.0/4", "32.0.0.0/3", "64.0.0.0/2", "128.0.0.0/1", "::/0"]]),
    not(["Null", address, "true"]),
  ),
  hole("the first address of all", "it is one", from("0.0.0.0"), everyone(["IpAddress", address, "0.0.0.0"])),
  hole(
    "the last address of all",
    "it is one",
    from("255.255.255.255"),
    everyone(["IpAddress", address, "255.255.255.255"]),
  ),
  closed(
    "two addresses in a tag, each denied",
    "a range is no address",
    everyone(["IpAddress", level, "203.0.113.0/31"]),
    not(["IpAddress", level, ["203.0.113.0", "203.0.113.1/32"]]),
  ),
  closed(
    "an address and an endpoint's address",
    "a request has one of them",
    everyone(["IpAddress", "aws:VpcSourceIp", "10.0.0.0/8"], ["IpAddress", address, "203.0.113.0/24"]),
  ),
];

const literal: readonly Row[] = [
  hole(
    "an object that is called like a wildcard",
    "`${*}` is a star",
    request({ resource: `${bucket}/*` }),
    allow({ Resource: `${bucket}/\${*}` }),
    deny({ Resource: `${bucket}/??` }),
  ),
  hole(
    "a prefix with a star, compared whole",
    "prefixes may have stars",
    request({ action: "s3:ListBucket", resource: bucket, context: { "s3:prefix": "a*" } }),
    allow({ Action: "s3:ListBucket", Resource: bucket, Condition: where(["StringEquals", "s3:prefix", "a*"]) }),
  ),
  closed(
    "an object that is called like a wildcard, denied",
    "its name has one character",
    allow({ Resource: `${bucket}/\${*}` }),
    deny({ Resource: `${bucket}/?` }),
  ),
];

/** The row in the version that has no variables. */
const asBefore = (row: Row): Row => ({ ...row, policy: { ...row.policy, Version: "2008-10-17" } });

const old: readonly Row[] = [
  asBefore(
    hole(
      "a folder that is called like a variable, in the old version",
      "variables are plain text there",
      request({ resource: `${bucket}/\${aws:username}/a` }),
      allow({ Resource: `${bucket}/\${aws:username}/*` }),
    ),
  ),
  asBefore(
    hole(
      "a team that is called like a variable, in the old version",
      "variables are plain text there",
      leveled("${aws:PrincipalAccount}"),
      everyone(["StringEquals", level, "${aws:PrincipalAccount}"]),
    ),
  ),
  asBefore(
    closed(
      "a Deny to all whose account is not what a variable says, in the old version",
      "variables are plain text there, and no account is called so",
      everyone(),
      not(["StringNotEquals", "aws:PrincipalAccount", "${aws:PrincipalAccount}"]),
    ),
  ),
];

const tag = (name: string): string => `aws:PrincipalTag/${name}`;

/** What gets through is found only where the search goes back and tries something else. */
const anotherWay: readonly Row[] = [
  hole(
    "one team that is kept out, and another one",
    "the other one",
    foreign({ context: { [tag("team")]: "blue" } }),
    everyone(["StringEquals", tag("team"), "red"]),
    everyone(["StringEquals", tag("team"), "blue"]),
    not(["StringEquals", tag("team"), "red"]),
  ),
  hole(
    "either of two tags, of which the first one is kept out",
    "the second one",
    foreign({ context: { [tag("b")]: "1" } }),
    allow(),
    not(["StringNotEquals", tag("a"), "1"], ["StringNotEquals", tag("b"), "1"]),
    deny({ Condition: { StringEquals: { [tag("a")]: "1" }, StringNotEquals: { [tag("c")]: "1" } } }),
    not(["StringEquals", tag("a"), "1"], ["StringEquals", tag("c"), "1"]),
  ),
  closed(
    "either of two tags, both of which are kept out",
    "there is no third way",
    allow(),
    not(["StringNotEquals", tag("a"), "1"], ["StringNotEquals", tag("b"), "1"]),
    deny({ Condition: { StringEquals: { [tag("a")]: "1" }, StringNotEquals: { [tag("c")]: "1" } } }),
    not(["StringEquals", tag("a"), "1"], ["StringEquals", tag("c"), "1"]),
    not(["StringEquals", tag("b"), "1"]),
  ),
];

const tags = "aws:TagKeys";
/** Lets in who sends two tags, and maybe more. */
const bothTags: StatementJson = allow({
  Principal: { AWS: outside },
  Condition: where(["ForAnyValue:StringEquals", tags, "red"], ["ForAnyValue:StringLike", tags, "b?ue"]),
});

/** Keys that have several values at once. */
const several: readonly Row[] = [
  hole("two tags", "a request can have both", foreign({ context: { [tags]: ["red", "blue"] } }), bothTags),
  hole(
    "two tags, and a Deny of who has no other",
    "a request can have a third",
    foreign({ context: { [tags]: ["red", "blue", "green"] } }),
    bothTags,
    not(["ForAllValues:StringEquals", tags, ["red", "blue"]]),
  ),
  closed(
    "two tags, and a Deny of any that is one of them",
    "it has both",
    bothTags,
    not(["ForAnyValue:StringEquals", tags, "red"]),
  ),
  closed(
    "two tags, and a Deny of the one without a set operator",
    "one of the values is enough",
    bothTags,
    not(["StringEquals", tags, "red"]),
  ),
  closed(
    "two tags, and a Deny of any that is not one of them",
    "the other one is not",
    bothTags,
    not(["ForAnyValue:StringNotEquals", tags, "red"]),
  ),
  closed(
    "two tags, and a Deny of who has no other, and of who has",
    "either",
    bothTags,
    not(["ForAllValues:StringLike", tags, ["red", "b?ue"]]),
    not(["ForAnyValue:StringNotLike", tags, ["red", "b?ue"]]),
  ),
];

const inVariables: readonly Row[] = [
  hole(
    "an object for a team that is called like a wildcard, without longer ones",
    "what stands for a variable is literal",
    foreign({ resource: `${bucket}/*`, context: { "aws:PrincipalTag/team": "*" } }),
    allow({
      Resource: `${bucket}/\${aws:PrincipalTag/team}`,
      Condition: where(["StringEquals", "aws:PrincipalTag/team", "*"]),
    }),
    deny({ Resource: `${bucket}/??*` }),
  ),
  hole(
    "a folder for each address, without the old ones",
    "IPv6 addresses have no dots",
    request({ resource: `${bucket}/2001:db8::9`, context: { [address]: "2001:db8::9" } }),
    allow({ Resource: `${bucket}/\${aws:SourceIp}` }),
    deny({ Resource: `${bucket}/*.*` }),
  ),
  hole(
    "a folder for each address of a range, without the first hundred",
    "there are more",
    request({ resource: `${bucket}/203.0.113.255`, context: { [address]: "203.0.113.255" } }),
    allow({ Resource: `${bucket}/\${aws:SourceIp}`, Condition: where(["IpAddress", address, "203.0.113.0/24"]) }),
    deny({ Resource: [`${bucket}/203.0.113.?`, `${bucket}/203.0.113.??`] }),
  ),
  hole(
    "a folder for the time",
    "it is some time",
    request({ resource: `${bucket}/2099-01-01T00:00:00Z`, context: { "aws:CurrentTime": "2099-01-01T00:00:00Z" } }),
    allow({ Resource: `${bucket}/\${aws:CurrentTime}` }),
    deny({ Resource: `${bucket}/2026*` }),
  ),
  closed(
    "a folder for each transport, both denied",
    "there are two",
    allow({ Resource: `${bucket}/\${aws:SecureTransport}/*` }),
    deny({ Resource: [`${bucket}/true/*`, `${bucket}/false/*`] }),
  ),
  closed(
    "a folder for each tag, and a Deny of everybody outside",
    "whatever the tag is",
    allow({ Resource: `${bucket}/\${aws:PrincipalTag/team}/\${s3:prefix}/*` }),
    not(["StringNotEquals", "aws:PrincipalAccount", own]),
  ),
  closed(
    "a folder for each tag, and a Deny of all objects",
    "whatever the tag is",
    allow({ Resource: `${bucket}/\${aws:PrincipalTag/team}/*` }),
    deny({ Resource: objects }),
  ),
];

/** Lets in whoever has a tag that is the same text as a key. */
const tagged = (key: string, changes: Changes = {}): StatementJson =>
  allow({ Condition: where(["StringEquals", key, "${aws:PrincipalTag/own}"]), ...changes });
const list = { Action: "s3:ListBucket", Resource: bucket };
const isAlso = (key: string, value: string): Request =>
  foreign({ context: { [key]: value, "aws:PrincipalTag/own": value } });

const comparedWithVariables: readonly Row[] = [
  hole(
    "a tag that is a word which S3 chooses, without two of three",
    "the third",
    isAlso("s3:authType", "POST"),
    tagged("s3:authType"),
    not(["StringEquals", "s3:authType", ["REST-HEADER", "REST-QUERY-STRING"]]),
  ),
  closed(
    "a tag that is a word which S3 chooses, without all three",
    "there are no more",
    tagged("s3:authType"),
    not(["StringEquals", "s3:authType", ["REST-HEADER", "REST-QUERY-STRING", "POST"]]),
  ),
  hole("a tag that is the address", "whichever it is", isAlso(address, "198.51.100.77"), tagged(address)),
  hole(
    "a tag that is the address, without some",
    "there are more addresses",
    isAlso(address, "192.0.2.55"),
    tagged(address),
    not(["StringEquals", address, ["198.51.100.77", "203.0.113.9", "2001:db8::9", "10.1.2.3", "2001:db8::1"]]),
  ),
  hole(
    "a tag that is the address, and a tag that is none of some",
    "there are more addresses",
    isAlso(address, "192.0.2.55"),
    allow({ Condition: where(["StringEquals", "aws:PrincipalTag/own", "${aws:SourceIp}"]) }),
    not([
      "StringEquals",
      "aws:PrincipalTag/own",
      ["198.51.100.77", "203.0.113.9", "2001:db8::9", "10.1.2.3", "2001:db8::1"],
    ]),
  ),
  hole(
    "a tag that is the access point's account, without one",
    "there are more accounts",
    isAlso("s3:DataAccessPointAccount", "777788889999"),
    tagged("s3:DataAccessPointAccount"),
    not(["StringEquals", "s3:DataAccessPointAccount", outside]),
  ),
  hole(
    "a tag that is how much a list takes, without a few",
    "there are more numbers",
    foreign({
      action: "s3:ListBucket",
      resource: bucket,
      context: { "s3:max-keys": "77", "aws:PrincipalTag/own": "77" },
    }),
    tagged("s3:max-keys", list),
    not(["StringEquals", "s3:max-keys", ["0", "1", "2", "3", "9", "10", "11"]]),
  ),
  closed(
    "a tag that is the access point's account, and a word",
    "no account is a word",
    tagged("s3:DataAccessPointAccount"),
    not(["StringNotEquals", "aws:PrincipalTag/own", "office"]),
  ),
  hole(
    "a tag that is when the session began, without two moments",
    "there are more",
    isAlso("aws:TokenIssueTime", "2031-01-01T00:00:00Z"),
    tagged("aws:TokenIssueTime"),
    not(["StringEquals", "aws:TokenIssueTime", ["2030-01-01T00:00:00Z", "2099-01-01T00:00:01Z"]]),
  ),
  closed(
    "a tag that is the address, and a word",
    "no address is a word",
    tagged(address),
    not(["StringNotEquals", "aws:PrincipalTag/own", "office"]),
  ),
];

const foldersOfVariables: readonly Row[] = [
  hole(
    "a folder for those with MFA and one for those without, the one denied",
    "the other",
    foreign({ resource: `${bucket}/true/a`, context: { "aws:MultiFactorAuthPresent": "true" } }),
    allow({ Resource: `${bucket}/\${aws:MultiFactorAuthPresent}/*` }),
    deny({ Resource: `${bucket}/false/*` }),
  ),
  closed(
    "a folder for those with MFA and one for those without, both denied",
    "whoever has no such key has no folder",
    allow({ Resource: `${bucket}/\${aws:MultiFactorAuthPresent}/*` }),
    deny({ Resource: [`${bucket}/true/*`, `${bucket}/false/*`] }),
  ),
  hole(
    "a folder for those with MFA and one for those without, both denied, and one for all others",
    "the default stands where there is no key",
    foreign({ resource: `${bucket}/none/a` }),
    allow({ Resource: `${bucket}/\${aws:MultiFactorAuthPresent, 'none'}/*`, Principal: { AWS: outside } }),
    deny({ Resource: [`${bucket}/true/*`, `${bucket}/false/*`] }),
  ),
  hole(
    "a folder for each tag, without all but the default's",
    "the default stands where there is no tag",
    foreign({ resource: `${bucket}/none/a` }),
    allow({
      Resource: `${bucket}/\${aws:PrincipalTag/team, 'none'}/*`,
      Principal: { AWS: outside },
      Condition: where(["Null", "aws:PrincipalTag/team", "true"]),
    }),
  ),
  hole(
    "a folder for each age of MFA, without all but the default's",
    "the default stands where there is no MFA",
    foreign({ resource: `${bucket}/none/a` }),
    allow({ Resource: `${bucket}/\${aws:MultiFactorAuthAge, 'none'}/*`, Principal: { AWS: outside } }),
    deny({ Resource: undefined, NotResource: `${bucket}/none/*` }),
  ),
  closed(
    "a folder for each way to sign, all denied",
    "there are three, and what is signed has one of them",
    allow({ Resource: `${bucket}/\${s3:authType}/*` }),
    deny({ Resource: [`${bucket}/REST-HEADER/*`, `${bucket}/REST-QUERY-STRING/*`, `${bucket}/POST/*`] }),
  ),
  closed(
    "a folder for each caller's ARN, and a Deny of ARNs",
    "a caller's ARN is one, and the others have no folder",
    allow({ Resource: `${bucket}/\${aws:PrincipalArn}` }),
    deny({ Resource: `${bucket}/arn:*` }),
  ),
  hole(
    "a folder for each team of two letters, but for one letter",
    "there are more letters",
    foreign({ resource: `${bucket}/ab/a`, context: { "aws:PrincipalTag/team": "ab" } }),
    allow({
      Resource: `${bucket}/\${aws:PrincipalTag/team}/*`,
      Condition: where(["StringLike", "aws:PrincipalTag/team", "??"], ["StringNotLike", "aws:PrincipalTag/team", "x*"]),
    }),
  ),
  hole(
    "a folder for one team, but not as it is written",
    "in other letters",
    foreign({ resource: `${bucket}/OPS/a`, context: { "aws:PrincipalTag/team": "OPS" } }),
    allow({
      Resource: `${bucket}/\${aws:PrincipalTag/team}/*`,
      Condition: where(
        ["StringEqualsIgnoreCase", "aws:PrincipalTag/team", "Ops"],
        ["StringNotEquals", "aws:PrincipalTag/team", "Ops"],
      ),
    }),
  ),
  hole(
    "a folder for each address, without all but one",
    "that one",
    request({ resource: `${bucket}/192.0.2.7/a`, context: { [address]: "192.0.2.7" } }),
    allow({ Resource: `${bucket}/\${aws:SourceIp}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/192.0.2.7/*` }),
  ),
  hole(
    "a folder for the time, without all but one day to come",
    "on that day",
    request({ resource: `${bucket}/2031-01-01T00:00:00Z/a`, context: { "aws:CurrentTime": "2031-01-01T00:00:00Z" } }),
    allow({ Resource: `${bucket}/\${aws:CurrentTime}/*` }),
    deny({ Resource: undefined, NotResource: `${bucket}/2031-01-01T00:00:00Z/*` }),
  ),
  hole(
    "a folder for the time, in the next century but one",
    "it will come",
    request({
      resource: `${bucket}/2250-01-01T00:00:01Z/a`,
      context: { "aws:CurrentTime": "2250-01-01T00:00:01Z", "aws:EpochTime": "8835955201" },
    }),
    allow({
      Resource: `${bucket}/\${aws:CurrentTime}/*`,
      Condition: where(["DateGreaterThan", "aws:EpochTime", "2250-01-01T00:00:00Z"]),
    }),
  ),
  hole(
    "a folder for the time, written in both ways, without all but one",
    "both are the same instant",
    request({
      resource: `${bucket}/2031-01-01T00:00:00Z/1924992000`,
      context: { "aws:CurrentTime": "2031-01-01T00:00:00Z", "aws:EpochTime": "1924992000" },
    }),
    allow({ Resource: `${bucket}/\${aws:CurrentTime}/\${aws:EpochTime}` }),
    deny({ Resource: undefined, NotResource: `${bucket}/2031-01-01T00:00:00Z/1924992000` }),
  ),
];

/** Rows where a value gets through, or none does. */
export const values: readonly Row[] = [
  ...numbers,
  ...dates,
  ...seconds,
  ...inCapitals,
  ...addresses,
  ...literal,
  ...old,
  ...anotherWay,
  ...several,
  ...inVariables,
  ...comparedWithVariables,
  ...foldersOfVariables,
];
