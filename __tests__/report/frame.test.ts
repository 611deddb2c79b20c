/** What the terminal shows: lines that fit, excerpts that point, requests in words. */

import { stripVTControlCharacters } from "node:util";
import { array, assert as check, constantFrom, dictionary, integer, property, string } from "fast-check";
import { wrapAnsi } from "fast-wrap-ansi";
import type { Counterexample } from "../../validators/kernel/index";
import { codeFrame, inWords, jsonFrame, paint, wrap } from "../../validators/report/frame";

const request = (action: string, more: Partial<Counterexample> = {}): Counterexample => ({
  principal: "*",
  action,
  resource: "arn:aws:s3:::logs",
  context: {},
  ...more,
});

describe("inWords", () => {
  test.each<[Counterexample, string | undefined, string]>([
    [
      request("s3:ListBucket", { context: { "aws:SecureTransport": "false" } }),
      "s3-tls-only",
      "anyone, without TLS, can list the bucket",
    ],
    [request("s3:GetObject", { resource: "arn:aws:s3:::logs/*" }), undefined, "anyone can read objects"],
    [request("s3:GetObject", { resource: "${aws_s3_bucket.b.arn}/a" }), undefined, "anyone can read the object `a`"],
    [
      request("s3:PutObject", {
        principal: "arn:aws:iam::444455556666:root",
        context: { "aws:SecureTransport": "true" },
      }),
      "s3-encrypted-puts-only",
      "account `444455556666`, naming no encryption, can write objects",
    ],
    [
      request("s3:PutObject", { context: { "s3:x-amz-server-side-encryption": "AES256" } }),
      "s3-encrypted-puts-only",
      "anyone, naming the encryption `AES256`, can write objects",
    ],
    [
      request("kms:Decrypt", { principal: "arn:aws:iam::444455556666:role/team/reader" }),
      "kms-no-cross-account",
      "role `team/reader` of account `444455556666` can decrypt with the key",
    ],
    [
      request("s3:GetObject", {
        principal: { service: "cloudtrail.amazonaws.com" },
        context: { "aws:SourceAccount": "444455556666", "aws:PrincipalIsAWSService": "true" },
      }),
      undefined,
      "the service `cloudtrail.amazonaws.com`, acting for account `444455556666`, can read objects",
    ],
    [
      request("s3:GetObject", { context: { "aws:SourceIp": "203.0.113.5", "s3:ExistingObjectTag/a": ["b", "c"] } }),
      undefined,
      "anyone can read objects (with aws:SourceIp `203.0.113.5`, s3:ExistingObjectTag/a `b`, `c`)",
    ],
    [
      request("kms:Decrypt", { context: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } }),
      "kms-no-cross-account",
      "anyone, through `s3.eu-central-1.amazonaws.com`, can decrypt with the key",
    ],
    [request("s3:GetBucketCORS"), undefined, "anyone can call `s3:GetBucketCORS` on `arn:aws:s3:::logs`"],
  ])("%j", (counterexample, rule, words) => expect(inWords(counterexample, rule)).toBe(words));

  test("stays one line whatever the request holds", () => {
    check(
      property(
        constantFrom("s3:GetObject", "s3:PutObject", "kms:Decrypt", "toString", "__proto__"),
        string({ unit: "binary" }),
        string({ unit: "binary" }),
        dictionary(string({ unit: "binary" }), string({ unit: "binary" })),
        (action, principal, resource, context) => {
          expect(inWords({ action, principal, resource, context })).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        },
      ),
    );
  });
});

describe("wrap", () => {
  test("breaks at spaces and keeps long words whole", () => {
    expect(wrap("one two three four five six", 20)).toBe("one two three four\nfive six");
    expect(wrap(`see ${"a".repeat(30)} there`, 20)).toBe(`see\n${"a".repeat(30)}\nthere`);
    expect(wrap("one two three four five", 24, "    ", "  - ")).toBe("  - one two three four\n    five");
  });

  test("no line is wider than asked for, unless one word is", () => {
    check(
      property(string(), (text) => {
        for (const line of wrap(text, 40).split("\n")) expect(line.length <= 40 || !line.includes(" ")).toBe(true);
      }),
    );
  });
});

describe("codeFrame", () => {
  const source = ["a", "b", "c", "d", "e", "f", "g"].join("\n");

  test("points at the lines meant", () => {
    expect(codeFrame({ source, firstLine: 8, from: 11, around: 1 })).toBe("  10 | c\n> 11 | d\n  12 | e");
  });

  test("shows all of a short text without a place", () => {
    expect(codeFrame({ source: "a\n\tb\n" })).toBe("  1 | a\n  2 |   b");
  });

  test("cuts what is too wide or too tall", () => {
    expect(codeFrame({ source: "x".repeat(100), width: 20 })).toHaveLength(20);
    expect(codeFrame({ source: "x\n".repeat(100) }).split("\n")).toHaveLength(21);
  });

  test("escape sequences of the source are shown, not obeyed", () => {
    expect(codeFrame({ source: "\u001b[2Jx" })).toBe("  1 | \\x1b[2Jx");
  });

  test("colours only when told", () => {
    expect(codeFrame({ source, from: 2 })).not.toContain("\u001b");
    const coloured = codeFrame({ source, from: 2, colour: true });
    expect(coloured).toContain("\u001b");
    expect(stripVTControlCharacters(coloured)).toBe(codeFrame({ source, from: 2 }));
  });
});

test("jsonFrame shows JSON on as few lines as fit, cut where it is too wide, and nothing that a terminal obeys", () => {
  expect(jsonFrame({ Effect: "Deny" })).toBe('| { "Effect": "Deny" }');
  expect(jsonFrame({ Effect: "Deny", Action: ["s3:*"], Resource: "*" }, 30)).toBe(
    '| {\n|   "Effect": "Deny",\n|   "Action": [ "s3:*" ],\n|   "Resource": "*"\n| }',
  );
  expect(jsonFrame({ Sid: "x".repeat(99) }, 20).split("\n")[1]).toHaveLength(20);
  expect(jsonFrame(Array(99).fill("x".repeat(99)))).toMatch(/…$/);
  expect(jsonFrame({ Sid: "\u001b[2J\u202e" })).toBe('| { "Sid": "\\u001b[2J\\u202e" }');
  expect(jsonFrame({ Sid: "x" }, 80, true)).toContain("\u001b[2m");
});

test("paint", () => {
  expect(paint("red", "x", false)).toBe("x");
  expect(paint("red", "x", true)).toBe("\u001b[31mx\u001b[39m");
});

test("words break where the library breaks them, whatever was wrapped before", () => {
  const word = string({ unit: constantFrom(..."abAB09-.:/`%"), minLength: 0, maxLength: 30 });
  const room = integer({ min: 20, max: 40 });
  check(
    property(array(word, { minLength: 1, maxLength: 12 }), room, (words, width) => {
      for (const text of [words.join(" "), words.map((one) => "x".repeat(one.length)).join(" ")]) {
        const lines = wrapAnsi(text, width, { hard: false, trim: true }).split("\n");
        expect(wrap(text, width)).toBe(lines.map((line) => line.trimEnd()).join("\n"));
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});
