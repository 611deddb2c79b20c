/** The rules of CodeBuild that the rehearsal keeps: phases and their transitions, one shell, finally, exports, artifacts, reports. */
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { type BuildInput, type BuildResult, readBuildspec, runBuild, unpack } from "../../scripts/codebuild";

jest.setTimeout(60_000);

/** Runs a buildspec whose lines after `version: 0.2` are given; what the commands printed is added. */
async function build(
  text: string,
  more: Partial<BuildInput> = {},
): Promise<BuildResult & { readonly printed: string }> {
  let printed = "";
  const result = await runBuild({
    project: "rehearsed",
    buildspec: `version: 0.2\n${text}`,
    source: zipSync({ "in.txt": strToU8("from the source\n") }),
    secondary: new Map(),
    env: { PATH: process.env.PATH },
    log: (chunk) => {
      printed += chunk;
    },
    ...more,
  });
  return { ...result, printed };
}

const phasesOf = (result: BuildResult): string[] => result.phases.map((phase) => phase.phase);

test("one shell runs all commands: directory, variables and options stay", async () => {
  const result = await build(`
env: { shell: bash, exported-variables: [WHERE, WORD, NONE] }
phases:
  install: { commands: ["set -o pipefail", "mkdir d && cd d", "WORD='two words'"] }
  build: { commands: ["export WHERE=$(basename $PWD)", "cat ../in.txt"] }
`);
  expect(result.succeeded).toBe(true);
  expect(Object.fromEntries(result.exported)).toEqual({ WHERE: "d", WORD: "two words", NONE: "" });
  expect(result.printed).toContain("from the source");
});

test("a command that fails ends its phase, and the phase is blamed on it", async () => {
  const result = await build(`
phases: { build: { commands: ["echo before", "false", "echo after"] } }
`);
  expect(result.phases).toEqual([{ phase: "build", failed: "false" }]);
  expect(result.succeeded).toBe(false);
  expect(result.printed).not.toContain("\nafter");
});

test.each(["install", "pre_build"])("a failure in %s ends the build", async (phase) => {
  const result = await build(`
phases:
  ${phase}: { commands: ["false"] }
  build: { commands: ["echo built"] }
  post_build: { commands: ["echo afterwards"] }
`);
  expect(phasesOf(result)).toEqual([phase]);
});

test("after a failed build, post_build runs and is told", async () => {
  const result = await build(`
phases:
  build: { commands: ["false"] }
  post_build: { commands: ["echo succeeding=$CODEBUILD_BUILD_SUCCEEDING"] }
`);
  expect(phasesOf(result)).toEqual(["build", "post_build"]);
  expect(result.printed).toContain("succeeding=0\n");
  expect(result.succeeded).toBe(false);
});

test("after a good build, post_build is told that too", async () => {
  const result = await build(`
phases:
  build: { commands: ["true"] }
  post_build: { commands: ["echo succeeding=$CODEBUILD_BUILD_SUCCEEDING"] }
`);
  expect(result.printed).toContain("succeeding=1\n");
});

test("on-failure: ABORT ends it there; CONTINUE goes on and still fails", async () => {
  const aborted = await build(`
phases:
  build: { on-failure: ABORT, commands: ["false"] }
  post_build: { commands: ["true"] }
`);
  expect(phasesOf(aborted)).toEqual(["build"]);
  const continued = await build(`
phases:
  install: { on-failure: CONTINUE, commands: ["false"] }
  build: { commands: ["true"] }
`);
  expect(phasesOf(continued)).toEqual(["install", "build"]);
  expect(continued.succeeded).toBe(false);
});

test("finally runs in any case, and its own failure counts", async () => {
  const result = await build(`
phases:
  install: { commands: ["false"], finally: ["echo tidied"] }
`);
  expect(result.printed).toContain("\ntidied\n");
  expect((await build(`\nphases: { build: { commands: ["true"], finally: ["false"] } }`)).succeeded).toBe(false);
});

test.each([
  ["exit 0", "exit 0"],
  ["a syntax error", "if then"],
  ["a command that reads standard input to its end", "cat; false"],
])("%s does not pass for success", async (_name, command) => {
  const result = await build(`
phases: { build: { commands: [${JSON.stringify(command)}, "echo next"] } }
`);
  expect(result.phases).toEqual([{ phase: "build", failed: command }]);
});

test("without pipefail a pipe hides a failure, with it it doesn't: this is why the buildspecs set it", async () => {
  const pipe = '"false | cat"';
  expect((await build(`\nphases: { build: { commands: [${pipe}] } }`)).succeeded).toBe(true);
  const safe = await build(`\nenv: { shell: bash }\nphases: { build: { commands: ["set -o pipefail", ${pipe}] } }`);
  expect(safe.succeeded).toBe(false);
});

test("artifacts are zipped from the base directory, and not from a failed build", async () => {
  const text = (last: string): string => `
phases: { build: { commands: ["mkdir -p out/sub", "echo a > out/sub/a.txt", "echo b > out/b.log", "${last}"] } }
artifacts: { base-directory: out, files: ["**/*.txt"] }
`;
  const { artifact } = await build(text("true"));
  expect(
    Object.entries(unzipSync(artifact ?? new Uint8Array())).map(([name, bytes]) => [name, strFromU8(bytes)]),
  ).toEqual([["sub/a.txt", "a\n"]]);
  expect((await build(text("false"))).artifact).toBeUndefined();
});

test("reports are collected from a failed build as well", async () => {
  const result = await build(`
phases: { build: { commands: ["echo '<testsuites/>' > junit.xml", "false"] } }
reports: { verdict: { files: ["*.xml"], file-format: JUNITXML } }
`);
  expect(result.reports.get("verdict")?.get("junit.xml")).toBe("<testsuites/>\n");
});

test("further input artifacts lie where CODEBUILD_SRC_DIR_NAME says", async () => {
  const result = await build(
    `\nphases: { build: { commands: ["cat $CODEBUILD_SRC_DIR_Plan/p.txt", "pwd -P", "cd $CODEBUILD_SRC_DIR"] } }`,
    {
      secondary: new Map([["Plan", zipSync({ "p.txt": strToU8("the plan\n") })]]),
    },
  );
  expect(result.succeeded).toBe(true);
  expect(result.printed).toContain("the plan\n");
});

test("the project's variables win over the buildspec's", async () => {
  const text = `
env: { variables: { A: buildspec, B: buildspec } }
phases: { build: { commands: ["echo $A $B"] } }
`;
  expect((await build(text, { env: { PATH: process.env.PATH, A: "project" } })).printed).toContain(
    "\nproject buildspec\n",
  );
});

test.each([
  ["another version", "version: 0.1\nphases: {}"],
  ["a phase that is none", "version: 0.2\nphases: { deploy: { commands: [] } }"],
  ["secrets, which the rehearsal can't fetch", "version: 0.2\nenv: { secrets-manager: { A: b } }\nphases: {}"],
  ["retries, which the rehearsal doesn't make", "version: 0.2\nphases: { build: { on-failure: RETRY, commands: [] } }"],
  ["a cache, which the rehearsal doesn't keep", "version: 0.2\nphases: {}\ncache: { paths: [a] }"],
])("refuses %s", (_name, text) => {
  expect(() => readBuildspec(text)).toThrow(/^buildspec: /);
});

test("an artifact can't be written outside its folder", () => {
  expect(() => unpack(zipSync({ "../out.txt": strToU8("x") }), "/nowhere")).toThrow("leads outside");
});
