/** Turns Terraform's arguments, plain and tricky, into what the gate understands of them. */
import { spawnSync } from "node:child_process";
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
    [["state", "list"], false],
    [["state", "-help"], false],
    [["state"], false],
    [["workspace", "select", "apply"], false],
    [["-chdir=x", "providers", "lock"], false],
    [["plan", "list "], false],
    [["state", "list "], true],
    [["workspace", "lists"], true],
  ])(
    "nor where Terraform may not find the command as it stands, and put those words in front: %j",
    (argv, isStripped) => {
      expect(readRequest(argv, {})).toEqual({ kind: "other", args: argv, stripsExtra: isStripped });
    },
  );

  test.each(["applyapply", "apply/apply", "destroy x", "cloud", "stacks", "rpcapi"])(
    "%j is no command that is passed on",
    (word) => {
      for (const argv of [[word], ["-chdir=x", word, "-auto-approve"], ["", word]])
        expect(() => readRequest(argv, {})).toThrow(
          new InputError(`expected \`apply\`, or a command that applies nothing, found \`${word}\``),
        );
    },
  );

  test.each([" apply", "Apply", "plan ", "planplan", "toString", "search"])(
    "what may be a command of a later version, as %j, is passed on without words of the environment",
    (word) => {
      expect(readRequest([word], { TF_CLI_ARGS: "apply -auto-approve" })).toEqual({
        kind: "other",
        args: [word],
        stripsExtra: true,
      });
    },
  );

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
    // Terraform says itself which of the others it refuses beside a plan.
    expect(apply(["apply", "-var", "v=other", "-target=a.b", "-json", "p"])).toMatchObject({
      applyFlags: ["-var", "v=other", "-target=a.b", "-json"],
      variables: [],
    });
    expect(apply(["apply", "-json=false", "-bogus"])).toMatchObject({ planFlags: ["-json=false", "-bogus"] });
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
    [["apply", "-bogus", "p"], /flags that are known before `p`, found `-bogus`/],
    [["apply", "-auto-approve=yes"], /^`-auto-approve`: expected `true` or `false`, found `yes`$/],
    [["apply", "-lock=", "p"], /expected `true` or `false`/],
    [["apply", "-json"], /expected `-auto-approve` or a saved plan/],
    [["destroy", "-json", "-auto-approve=false"], /expected `-auto-approve` or a saved plan/],
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

const help = spawnSync("terraform", ["-help"], { encoding: "utf8" }).stdout;
(help ? test : test.skip)("every command of the Terraform in PATH is known (skipped where there is none)", () => {
  const names = [...help.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)]
    .map(([, name = ""]) => name)
    .filter((name) => !name.startsWith("-"));
  expect(names).toEqual(expect.arrayContaining(["apply", "plan", "workspace"]));
  for (const name of names) expect(() => readRequest([name], {})).not.toThrow();
});

test("a word that begins like a command that applies is one, or refused", () => {
  const part = fc.constantFrom("apply", "destroy", "plan", "state", " ", "/", "x", "");
  fc.assert(
    fc.property(fc.array(part), fc.array(part), (first, second) => {
      const argv = [first.join(""), second.join("")];
      fc.pre(argv[0] !== "" && argv[0] !== "--");
      let kind: string;
      try {
        kind = readRequest(argv, {}).kind;
      } catch {
        kind = "refused";
      }
      if (argv[0] === "apply" || argv[0] === "destroy") expect(kind).not.toBe("other");
      else expect(kind).toBe(/^(?:apply|destroy)/.test(argv[0] ?? "") ? "refused" : "other");
    }),
  );
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
