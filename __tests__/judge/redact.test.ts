/** Redaction: no secret is left, and nothing else is gone. */
import { redactor } from "../../validators/judge/redact";

describe("redact", () => {
  const masked = (value: unknown, ...secrets: string[]) => redactor(new Set(secrets))(value);

  test("hides a secret wherever it stands", () => {
    expect(masked({ a: ["x-hidden-y-hidden", { hidden: "b" }], n: 1, t: true, nothing: null }, "hidden")).toEqual({
      a: ["x-(sensitive value)-y-(sensitive value)", { "(sensitive value)": "b" }],
      n: 1,
      t: true,
      nothing: null,
    });
  });

  test("leaves nothing of the longer of two secrets, whatever their order", () => {
    for (const secrets of [
      ["key", "key-1234"],
      ["key-1234", "key"],
    ])
      expect(masked("the key-1234 and a key", ...secrets)).toBe("the (sensitive value) and a (sensitive value)");
  });

  test("takes a secret as it is written, not as a pattern", () => {
    const odd = "a.b*c+d?e^f$g{h}i(j)k|l[m]n\\o";
    expect(masked(`<${odd}> axb`, odd)).toBe("<(sensitive value)> axb");
  });

  test.each([
    ["ab", "drab"],
    ["abc", "dr(sensitive value)"],
  ])("%s: words of two letters stay words", (secret, expected) => {
    expect(masked(`dr${secret}`, secret)).toBe(expected);
  });

  test("keeps the words that it is told to keep", () => {
    expect(redactor(new Set(["pass", "word"]), new Set(["pass"]))(["pass", "word"])).toEqual([
      "pass",
      "(sensitive value)",
    ]);
  });
});
