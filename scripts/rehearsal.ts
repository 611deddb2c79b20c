/** Turns the pipeline stack and this checkout into a dress rehearsal: every stage by its own buildspec, against the AWS emulator. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, lstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { CreateKeyCommand, KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, DeletePublicAccessBlockCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { unzipSync, zipSync } from "fflate";
import { workload } from "../stacks/bucket";
import {
  type Pipeline,
  type PipelineResult,
  type RunOptions,
  readPipeline,
  runPipeline,
  type Underway,
} from "./codepipeline";
import { clientSettings, type Emulator, missingForEmulator, startEmulator } from "./emulator";
import { root, synthesize } from "./synth";

/** The stage, phase and command at which a run is expected to stop; absent: it goes all the way. */
type Expected = { readonly stage: string; readonly command: string } | undefined;

/** What was expected of one run, and what happened. */
export interface Act {
  readonly name: string;
  readonly expected: Expected;
  readonly result: PipelineResult;
  /** What else was looked at, and whether it was as it should be. */
  readonly checks: readonly { readonly what: string; readonly holds: boolean }[];
}

/** Whether an act went as it was to go. */
export function isAsExpected({ expected, result, checks }: Act): boolean {
  const { stopped } = result;
  const sameEnd =
    expected === undefined
      ? stopped === undefined
      : stopped?.stage === expected.stage && stopped.command.includes(expected.command);
  return sameEnd && checks.every((check) => check.holds);
}

/** Whether there is a file of its own at the path: not deleted since git listed it, and no link to somewhere else. */
const isFile = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** The checkout as a source archive: what git tracks or would track, changed files as they are. */
export function sourceArchive(
  change: (name: string, text: Uint8Array) => Uint8Array = (_name, text) => text,
): Uint8Array {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const names = [...new Set(listed.split("\0"))].filter((name) => isFile(join(root, name)));
  const files = names.map((name): [string, Uint8Array] => [
    name,
    change(name, new Uint8Array(readFileSync(join(root, name)))),
  ]);
  return zipSync(Object.fromEntries(files), { level: 1 });
}

/** Code that somebody might really push: the stack's id is the same, what it deploys breaks every rule. */
function nonCompliantSource(): Uint8Array {
  let isChanged = false;
  const archive = sourceArchive((name, content) => {
    if (name !== "main.ts") return content;
    const text = new TextDecoder().decode(content);
    const changed = text.replace(
      /new BucketStack\(stacks, "compliant-bucket"[^;]*;/,
      'new NonCompliantStack(stacks, "compliant-bucket");',
    );
    isChanged = changed !== text;
    return new TextEncoder().encode(changed);
  });
  if (!isChanged) throw new Error("main.ts: expected a line that adds the stack `compliant-bucket`");
  return archive;
}

/**
 * A folder for the front of PATH with what stands in for the npm registry: `npm ci --ignore-scripts` links the checkout's own
 * `node_modules`; everything else is the real npm.
 */
function withoutRegistry(): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-npm-"));
  const real = execFileSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  writeFileSync(
    join(folder, "npm"),
    `#!/bin/sh\nif [ "$1" = ci ]; then exec ln -sfn '${join(root, "node_modules")}' node_modules; fi\nexec '${real}' "$@"\n`,
  );
  chmodSync(join(folder, "npm"), 0o755);
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The emulator with a state bucket in it: a plain one, since the emulator takes every Deny of a policy for unconditional. */
async function addState(s3: S3Client, kms: KMSClient): Promise<Record<string, string>> {
  await s3.send(new CreateBucketCommand({ Bucket: "tollgate-state-rehearsal" }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  return { TOLLGATE_STATE_BUCKET: "tollgate-state-rehearsal", TOLLGATE_STATE_KEY: KeyMetadata?.Arn ?? "" };
}

/** What was handed on, but with one bit of the plan another; with `digest`, the digest that travels beside it fits again. */
function tampered(run: Underway, digest: "as it was" | "made to fit"): Underway {
  const files = unzipSync(run.artifacts.get("Plan") ?? new Uint8Array());
  const plan = files["plan.tfplan"];
  if (plan === undefined) throw new Error("expected a plan in the artifact `Plan`");
  const middle = Math.floor(plan.length / 2);
  plan.set([(plan[middle] ?? 0) ^ 1], middle);
  const sha256 = createHash("sha256").update(plan).digest("hex");
  return {
    artifacts: new Map([...run.artifacts, ["Plan", zipSync(files)]]),
    variables: new Map([
      ...run.variables,
      ...(digest === "made to fit" ? [["PlanAndJudge.PLAN_SHA256", sha256] as const] : []),
    ]),
  };
}

/** Everything that the acts share. */
class Stage {
  private constructor(
    private readonly emulator: Emulator,
    private readonly pipeline: Pipeline,
    private readonly env: NodeJS.ProcessEnv,
    readonly s3: S3Client,
    readonly kms: KMSClient,
    private readonly log: (text: string) => void,
    private readonly clear: () => void,
  ) {}

  static async set(log: (text: string) => void): Promise<Stage> {
    const emulator = await startEmulator();
    const client = clientSettings(emulator);
    const s3 = new S3Client({ ...client, forcePathStyle: true });
    const kms = new KMSClient(client);
    const registry = withoutRegistry();
    const stacks = await synthesize(await addState(s3, kms), join(registry.path, "cdktf.out"));
    const stack = stacks.get("pipeline");
    if (stack === undefined) throw new Error("expected a stack `pipeline`");
    const env = {
      ...emulator.env,
      PATH: `${registry.path}${delimiter}${process.env.PATH ?? ""}`,
      // The whole suite is not run again in each build: one file stands for it.
      TEST_ARGUMENTS: "__tests__/stacks/compliant-bucket.test.ts",
    };
    const pipeline = readPipeline(JSON.parse(readFileSync(stack.json, "utf8")));
    return new Stage(emulator, pipeline, env, s3, kms, log, registry.remove);
  }

  run(options: Pick<RunOptions, "source" | "from" | "until">): Promise<PipelineResult> {
    return runPipeline(this.pipeline, { ...options, env: this.env, log: this.log });
  }

  /** The buckets of the workload that the emulator holds. */
  async workloadBuckets(): Promise<string[]> {
    const { Buckets } = await this.s3.send(new ListBucketsCommand());
    return (Buckets ?? []).map((bucket) => bucket.Name ?? "").filter((name) => name !== "tollgate-state-rehearsal");
  }

  async end(): Promise<void> {
    this.clear();
    this.s3.destroy();
    this.kms.destroy();
    await this.emulator.stop();
  }
}

async function nonCompliant(stage: Stage): Promise<Act> {
  const result = await stage.run({ source: nonCompliantSource() });
  const keys = (await stage.kms.send(new ListKeysCommand())).Keys ?? [];
  const reports = result.builds.get("PlanAndJudge")?.reports.get("verdict") ?? new Map();
  return {
    name: "non-compliant code stops at the gate",
    expected: { stage: "PlanAndJudge", command: "gate:judge" },
    result,
    checks: [
      { what: "the emulator holds no bucket of it", holds: (await stage.workloadBuckets()).length === 0 },
      { what: "the emulator holds no key of it", holds: keys.length === 1 },
      { what: "the report says what failed", holds: [...reports.values()].some((text) => text.includes("<failure")) },
    ],
  };
}

/** Two plans wait for their approval; what becomes of the one that is tampered with, of the first to be applied, and of the other. */
async function approvals(stage: Stage, source: Uint8Array): Promise<Act[]> {
  const first = await stage.run({ source, until: "Approve" });
  const second = await stage.run({ source, until: "Approve" });
  if (first.stopped ?? second.stopped)
    return [
      { name: "two plans pass the gate", expected: undefined, result: first.stopped ? first : second, checks: [] },
    ];
  const apply = (run: Underway) => stage.run({ source, from: { stage: "Apply", run } });
  const altered = await apply(tampered(first.run, "as it was"));
  const forged = await apply(tampered(first.run, "made to fit"));
  const untouched = await stage.workloadBuckets();
  const deployed = await stage.run({ source, from: { stage: "Approve", run: first.run } });
  const buckets = await stage.workloadBuckets();
  const stale = await apply(second.run);
  return [
    {
      name: "a plan tampered with between the stages stops at apply",
      expected: { stage: "Apply", command: "sha256sum --check" },
      result: altered,
      checks: [],
    },
    {
      name: "a plan tampered with, digest and all, stops at the seal",
      expected: { stage: "Apply", command: "gate:apply" },
      result: forged,
      checks: [{ what: "nothing was applied", holds: untouched.length === 0 }],
    },
    {
      name: "compliant code arrives at a deployed bucket that is verified",
      expected: undefined,
      result: deployed,
      checks: [
        {
          what: "the bucket is there",
          holds: buckets.length === 1 && (buckets[0] ?? "").startsWith(workload.bucketPrefix),
        },
        {
          what: "the approver was told the verdict and the digest",
          holds: /^pass: .*sha256 [0-9a-f]{64}/.test(deployed.told.get("Approve") ?? ""),
        },
        {
          what: "the verdict after the apply was reported",
          holds: (deployed.builds.get("Verify")?.reports.get("verdict")?.size ?? 0) > 0,
        },
      ],
    },
    {
      name: "a plan made stale by another deployment stops at apply",
      expected: { stage: "Apply", command: "gate:apply" },
      result: stale,
      checks: [{ what: "there is still one bucket", holds: (await stage.workloadBuckets()).length === 1 }],
    },
    await changedByHand(stage, source, deployed.run),
  ];
}

async function changedByHand(stage: Stage, source: Uint8Array, run: Underway): Promise<Act> {
  const [Bucket] = await stage.workloadBuckets();
  await stage.s3.send(new DeletePublicAccessBlockCommand({ Bucket }));
  return {
    name: "what somebody changed by hand after the apply is found",
    expected: { stage: "Verify", command: "gate:verify" },
    result: await stage.run({ source, from: { stage: "Verify", run } }),
    checks: [],
  };
}

/** All acts, in order. `log` gets what the builds print. */
export async function rehearse(log: (text: string) => void): Promise<Act[]> {
  const stage = await Stage.set(log);
  try {
    const source = sourceArchive();
    return [await nonCompliant(stage), ...(await approvals(stage, source))];
  } finally {
    await stage.end();
  }
}

/** What a person reads of an act. */
function describeAct(act: Act): string {
  const { stopped } = act.result;
  const end = stopped ? `stopped at ${stopped.stage}, ${stopped.phase}: ${stopped.command}` : "went all the way";
  const lines = [`${isAsExpected(act) ? "as expected" : "NOT AS EXPECTED"}  ${act.name}`, `    ${end}`];
  for (const { what, holds } of act.checks) lines.push(`    ${holds ? "yes" : "NO "} ${what}`);
  return lines.join("\n");
}

async function main(): Promise<number> {
  const missing = missingForEmulator();
  if (missing.length > 0) {
    process.stderr.write(`the rehearsal needs more than is here: ${missing.join("; ")}\n`);
    return 2;
  }
  const acts = await rehearse((text) => process.stderr.write(text));
  process.stdout.write(`\n${acts.map(describeAct).join("\n")}\n`);
  return acts.every(isAsExpected) ? 0 : 1;
}

if (require.main === module)
  main().then(
    (status) => {
      process.exitCode = status;
    },
    (error: unknown) => {
      process.stderr.write(`rehearsal: ${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 2;
    },
  );
