/** Holds the engine against when condition keys are in a request: a Deny of whoever has or lacks one lets the rest through. */

import { decideJson } from "../engine";
import type { StatementJson } from "../naive";
import { bucketKeys, type KmsRow, kmsKeys, type Presence, pairs, rootKeys, serviceKeys } from "./keys";
import { allow, allowKey, deny, denyKey, keyOutsiders, outsiders, plainHttp, policy } from "./row";

type Condition = NonNullable<StatementJson["Condition"]>;
/** Whether any request gets through that no condition takes in. */
type Passes = (...denied: readonly Condition[]) => boolean;

const gets = (ask: Parameters<typeof decideJson>[0], ...statements: readonly StatementJson[]): boolean => {
  const { answer } = decideJson(ask, policy(...statements));
  expect(["found", "none"]).toContain(answer);
  return answer === "found";
};

const onlyOn = (on: string | undefined): readonly StatementJson[] =>
  on === undefined ? [] : [deny({ Action: undefined, NotAction: on })];

/** Over plain HTTP, of anonymous callers or of all others. */
const toBucket =
  (isAnonymous: boolean, on: string | undefined): Passes =>
  (...denied) =>
    gets(
      plainHttp,
      ...onlyOn(on),
      deny({
        Condition: { [isAnonymous ? "StringNotEquals" : "StringEquals"]: { "aws:PrincipalAccount": "anonymous" } },
      }),
      ...denied.map((Condition) => deny({ Condition })),
    );

const toKey =
  (on: string | undefined): Passes =>
  (...denied) =>
    gets(
      keyOutsiders,
      allowKey({ Principal: { AWS: "*" }, Action: on ?? "kms:*" }),
      ...[{ Null: { "aws:PrincipalArn": "true" } }, ...denied].map((Condition) => denyKey({ Condition })),
    );

const ofService: Passes = (...denied) =>
  gets(
    outsiders,
    allow({ Principal: { Service: "cloudtrail.amazonaws.com" }, Action: "s3:PutObject" }),
    ...denied.map((Condition) => deny({ Condition })),
  );

function presenceOf(key: string, passes: Passes): Presence {
  const isAbsent = passes({ Null: { [key]: "false" } });
  const isPresent = passes({ Null: { [key]: "true" } });
  expect(isAbsent || isPresent).toBe(true);
  if (isAbsent && isPresent) return "sometimes";
  return isPresent ? "always" : "never";
}

/** Whether it can have two values at once. */
const isMultiple = (key: string, passes: Passes): boolean =>
  passes(
    ...(/Alias/.test(key) ? ["alias/1", "alias/2"] : ["o-1/r-a/", "o-2/r-b/"]).map((value) => ({
      "ForAllValues:StringNotEquals": { [key]: value },
    })),
  );

/** Those of the values that it can have, and whether it can have another one. */
function valuesOf({ key, values = [] }: Pick<KmsRow, "key" | "values">, passes: Passes): readonly string[] {
  const isPresent = { Null: { [key]: "true" } };
  const possible = values.filter((value) => passes(isPresent, { StringNotEquals: { [key]: value } }));
  return passes(isPresent, { StringEquals: { [key]: values } }) ? [...possible, "another"] : possible;
}

describe("condition keys of requests to a bucket", () => {
  it.each(bucketKeys.map((row) => [`${row.key} on ${row.on ?? "something"}`, row] as const))("%s", (_title, row) => {
    const { key, on, anonymous, signed, isMulti = false, values } = row;
    const own = toBucket(false, on);
    expect({ anonymous: presenceOf(key, toBucket(true, on)), signed: presenceOf(key, own) }).toEqual({
      anonymous,
      signed,
    });
    // two texts are no times
    if (!key.endsWith("Time")) expect(isMultiple(key, own)).toBe(isMulti);
    if (values !== undefined) expect(valuesOf(row, own)).toEqual(values);
  });
});

describe("condition keys that go together", () => {
  it.each(pairs.map((pair) => [pair.slice(0, 3).join(" "), pair] as const))("%s", (_title, pair) => {
    const [key, other, presence, on] = pair;
    const withKey: Passes = (...denied) => toBucket(false, on)({ Null: { [key]: "true" } }, ...denied);
    expect(presenceOf(other, withKey)).toBe(presence);
  });

  it("shows one instant by both keys of the time", () => {
    const before = { DateLessThan: { "aws:CurrentTime": "2027-01-01T00:00:00Z" } };
    const [instant, later] = [Date.UTC(2027, 0, 1), Date.UTC(2027, 0, 2)].map((time) => String(time / 1000));
    expect(toBucket(false, undefined)(before, { DateGreaterThanEquals: { "aws:EpochTime": instant ?? "" } })).toBe(
      false,
    );
    expect(toBucket(false, undefined)(before, { DateGreaterThanEquals: { "aws:EpochTime": later ?? "" } })).toBe(true);
  });
});

describe("condition keys of the requests of an account's root", () => {
  const ofRoot: Passes = (...denied) =>
    toBucket(false, undefined)({ StringNotEquals: { "aws:PrincipalType": "Account" } }, ...denied);

  it.each(rootKeys)("%s: %s", (key, presence) => {
    expect(presenceOf(key, ofRoot)).toBe(presence);
  });
});

describe("condition keys of requests to a KMS key", () => {
  it.each(kmsKeys.map((row) => [`${row.key} on ${row.on ?? "something"}`, row] as const))("%s", (_title, row) => {
    const { key, on, signed, isMulti = false, values } = row;
    expect(presenceOf(key, toKey(on))).toBe(signed);
    expect(isMultiple(key, toKey(on))).toBe(isMulti);
    if (values !== undefined) expect(valuesOf(row, toKey(on))).toEqual(values);
  });
});

describe("condition keys of a service's requests to a bucket", () => {
  it.each(serviceKeys)("%s: %s", (key, presence) => {
    expect(presenceOf(key, ofService)).toBe(presence);
  });
});
