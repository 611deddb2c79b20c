/** Turns Terraform's arguments, plain and tricky, into what the gate understands of them. */
import * as fc from "fast-check";
import { type ApplyRequest, readRequest } from "../../validators/gate/arguments";
import { shellWords } from "../../validators/gate/shell-words";
import { InputError } from "../../validators/kernel/index";

function apply(argv: readonly string[], env: Record<string, string> = {}): ApplyRequest {
  const request = readRequest(argv, env);
  if (request.kind !== "apply") throw new Error("not an apply");
  return request;
}

describe("what isn't an apply", () => {
  test.each([
    [[]],
    [["version", "-json"]],
    [["-v"]],
    [["init", "-upgrade"]],
    [["plan", "-out=x"]],
    [["output", "-json"]],
    [["providers", "lock", "-platform=linux_amd64"]],
    [["-chdir=apply", "plan"]],
    [["workspace", "select", "apply"]],
    [["state", "rm", "destroy"]],
    [["Apply"]],
    [["--", "apply"]],
    [[""]],
  ])("%j goes through as it is", (argv) => {
    expect(readRequest(argv, {})).toMatchObject({ kind: "other", args: argv });
  });

  test("without a command of its own it can't get one from the environment", () => {
    expect(readRequest([], { TF_CLI_ARGS: "apply -auto-approve" })).toMatchObject({ stripsExtra: true });
    expect(readRequest(["-chdir=x"], {})).toMatchObject({ stripsExtra: true });
    expect(readRequest(["plan"], {})).toMatchObject({ stripsExtra: false });
  });

  test.each([
    { TF_CLI_ARGS: "apply -auto-approve" },
    { TF_CLI_ARGS_plan: "-no-color 'destroy'" },
    { TF_CLI_ARGS_workspace_new: "-chdir=x \\apply" },
  ])("nor where Terraform would put it in front: %j", (env) => {
    // Terraform 1.11.4 runs `apply` for these arguments: it looks for the word \`plan\` among them, and finds none.
    expect(() => readRequest(["plan "], env)).toThrow(/expected flags, found the command/);
    expect(readRequest(["plan "], { TF_CLI_ARGS_plan: "-target=apply -var 'x=apply'" }).kind).toBe("other");
  });

  test.each([
    [
      ["apply", "-help"],
      ["apply", "-help"],
    ],
    [
      ["destroy", "-auto-approve", "--help"],
      ["destroy", "-help"],
    ],
    [
      ["-h", "apply"],
      ["apply", "-help"],
    ],
    [["apply", "-version"], ["version"]],
  ])("%j asks for words only, and gets nothing else", (argv, args) => {
    expect(readRequest(argv, {})).toEqual({ kind: "other", args, stripsExtra: true });
  });
});

describe("an apply", () => {
  test("as cdktf says it", () => {
    expect(apply(["apply", "-auto-approve", "-refresh-only", "-no-color", "-parallelism=3", "-var=a=b"])).toEqual({
      kind: "apply",
      globals: [],
      planFlags: ["-refresh-only", "-no-color", "-parallelism=3", "-var=a=b"],
      applyFlags: ["-no-color", "-parallelism=3"],
      variables: ["-var=a=b"],
      isApproved: true,
      isDestroy: false,
      isRefreshOnly: true,
      isJson: false,
    });
  });

  test("a destroy is a plan to destroy", () => {
    expect(apply(["destroy", "-auto-approve", "-target", "a.b"])).toMatchObject({
      planFlags: ["-target", "a.b", "-destroy"],
      applyFlags: [],
      isDestroy: true,
    });
    expect(apply(["apply", "-destroy"])).toMatchObject({ planFlags: ["-destroy"], isDestroy: true });
    expect(apply(["apply", "-destroy", "-destroy=false"])).toMatchObject({ isDestroy: false });
  });

  test("with a saved plan", () => {
    expect(apply(["-chdir=x", "apply", "-input=false", "p.tfplan"])).toMatchObject({
      globals: ["-chdir=x"],
      chdir: "x",
      planFile: "p.tfplan",
      applyFlags: ["-input=false"],
    });
    expect(apply(["apply", "--", "-p"])).toMatchObject({ planFile: "-p" });
    expect(apply(["apply", "-var", "-auto-approve", "p"])).toMatchObject({ planFile: "p", isApproved: false });
  });

  test.each([
    [["-auto-approve"], true],
    [["--auto-approve"], true],
    [["-auto-approve=1"], true],
    [["-auto-approve=false"], false],
    [["-auto-approve", "-auto-approve=F"], false],
    [[], false],
  ])("%j is approved: %s", (flags, isApproved) => {
    expect(apply(["apply", ...flags])).toMatchObject({ isApproved });
  });

  test("flags of the environment are flags, in Terraform's order", () => {
    const env = {
      TF_CLI_ARGS: "-no-color",
      TF_CLI_ARGS_apply: `-var 'a=b c' -auto-approve`,
      TF_CLI_ARGS_plan: "-destroy",
    };
    expect(apply(["apply", "-lock=false"], env)).toMatchObject({
      planFlags: ["-var", "a=b c", "-no-color", "-lock=false"],
      isApproved: true,
      isDestroy: false,
    });
    expect(apply(["apply"], { TF_CLI_ARGS_apply: "smuggled.tfplan" })).toMatchObject({ planFile: "smuggled.tfplan" });
    expect(apply(["apply", "mine.tfplan"], {})).toMatchObject({ planFile: "mine.tfplan" });
    expect(() => apply(["apply", "mine.tfplan"], { TF_CLI_ARGS: "other.tfplan" })).toThrow(InputError);
  });

  test.each([
    [["apply", "a", "b"], /at most one saved plan/],
    [["apply", "a", "-auto-approve"], /after all flags/],
    [["destroy", "a"], /flags only/],
    [["apply", "-var"], /expected a value/],
    [["apply", "-out=elsewhere"], /no flag `-out`/],
    [["apply", "--out", "elsewhere"], /no flag `-out`/],
    [["apply", "-detailed-exitcode=false"], /no flag/],
  ])("%j is refused", (argv, message) => {
    expect(() => readRequest(argv, {})).toThrow(InputError);
    expect(() => readRequest(argv, {})).toThrow(message);
  });

  test("an apply is never anything else, whatever stands around it", () => {
    const flag = fc.constantFrom(
      "-chdir=x",
      "-no-color",
      "-input=false",
      "--lock=false",
      "-var=a=b",
      "-x",
      "-target=a",
    );
    fc.assert(
      fc.property(fc.array(flag), fc.constantFrom("apply", "destroy"), fc.array(flag), (before, command, after) => {
        expect(readRequest([...before, command, ...after], {}).kind).toBe("apply");
      }),
    );
  });
});

describe("shell words", () => {
  test.each<[string, string[]]>([
    ["", []],
    ["  -a   -b\t", ["-a", "-b"]],
    [`-var 'a=b c' "d e"f`, ["-var", "a=b c", "d ef"]],
    [`'a\\b' "c\\"d" e\\ f`, ["a\\b", 'c"d', "e f"]],
    [`''`, [""]],
    ["$HOME", ["$HOME"]],
  ])("%j", (line, words) => {
    expect(shellWords(line, "X")).toEqual(words);
  });

  test.each(["'a", '"a', "a\\", "a;b", "a `b`", "$(x)", "a|b", "a>b"])("%j is refused", (line) => {
    expect(() => shellWords(line, "X")).toThrow(InputError);
  });
});
