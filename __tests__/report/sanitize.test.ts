/** Text of strangers: no character is left that a terminal, page or CI log would obey, and nothing readable is lost. */
import { assert as check, property, string, stringMatching } from "fast-check";
import { block, cut, line, log, said } from "../../validators/report/sanitize";

const OBEYED =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

describe("line", () => {
  test("leaves ordinary text alone", () => {
    const text = 'module.site["a"].aws_s3_bucket.this: `arn:aws:s3:::bücket/日本/*` – ${aws_s3_bucket.b.arn}';
    expect(line(text)).toBe(text);
  });

  test("writes escapes where a terminal would obey", () => {
    expect(line("a\u001b[31mred\u0007")).toBe("a\\x1b[31mred\\x07");
    expect(line("user\u202etxt.exe")).toBe("user\\u202etxt.exe");
    expect(line("tag\u{e0041}")).toBe("tag\\u{e0041}");
  });

  test("makes one line of several, and a block keeps its lines", () => {
    expect(line("a\r\nb\tc\nd")).toBe("a b c d");
    expect(block("a\r\nb\rc\n")).toBe("a\nb\nc\n");
  });

  test("shows half a character", () => {
    expect(line("a\ud800b")).toBe("a\\ud800b");
    expect(line("😀")).toBe("😀");
  });

  test("leaves nothing to obey in any text", () => {
    check(
      property(string({ unit: "binary" }), (text) => {
        expect(OBEYED.test(line(text))).toBe(false);
        expect(line(text)).not.toMatch(/[\n\t]/);
        expect(OBEYED.test(block(text))).toBe(false);
      }),
    );
  });

  test("two names that differ in a hidden mark do not look alike", () => {
    expect(line("admin")).not.toBe(line("ad\u200bmin"));
  });
});

describe("log", () => {
  test.each([
    ["::error file=a::boo", ": :error file=a::boo"],
    ["ok\n  ::set-output name=x::y", "ok\n  : :set-output name=x::y"],
    ["see ##vso[task.setvariable variable=x]y", "see # #vso[task.setvariable variable=x]y"],
    ["##[error]x", "# #[error]x"],
    ["x ##teamcity[blockOpened]", "x # #teamcity[blockOpened]"],
    ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket"],
    ["## heading", "## heading"],
  ])("%j becomes %j", (before, after) => expect(log(before)).toBe(after));

  test("no line of any text is a command afterwards", () => {
    check(
      property(stringMatching(/^([\n :#a-z[]|::error|##vso\[|##\[)*$/), (text) => {
        expect(log(text)).not.toMatch(/^\s*::|##[a-z]{0,16}\[/im);
      }),
    );
  });
});

describe("cut", () => {
  test("keeps what fits and says that something is missing", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("ab…");
    expect(cut("a😀bc", 3)).toBe("a…");
  });

  test("never leaves half a character", () => {
    check(property(string({ unit: "grapheme" }), (text) => expect(cut(text, 4)).not.toMatch(/\p{Surrogate}/u)));
  });
});

test("said is one line for a log, cut where it is told", () => {
  expect(said("\n::error::x ##vso[y]\u001b[2J")).toBe(" : :error::x # #vso[y]\\x1b[2J");
  expect(said("::x", 2)).toBe(":…");
});
