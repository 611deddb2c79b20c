/**
 * S3 URIs on the command line, and the fleet's functions, as bundled, on buckets of the emulator. That runs no function
 * without Docker, so the map is walked by hand: list, batches, judge, summary.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { clientSettings, type Emulator, emulatorAccount, startEmulator } from "../../scripts/emulator";
import { root } from "../../scripts/synth";
import type { Report } from "../../validators/kernel/index";
import { describeWithEmulator } from "./whole";

jest.setTimeout(900_000);

const PLANS = join(root, "__tests__/fixtures/plans");
const fixture = (name: string, file = "plan.json"): Buffer => readFileSync(join(PLANS, name, file));
const waiver = {
  rule: "s3-encrypted-puts-only",
  address: "aws_s3_bucket.b",
  input: "*/prod/*",
  reason: "old clients",
  owner: "platform",
  expires: "2099-12-31",
};

describeWithEmulator("objects and functions", () => {
  const out = mkdtempSync(join(tmpdir(), "tollgate-objects-"));
  const code = mkdtempSync(join(tmpdir(), "tollgate-function-"));
  let emulator: Emulator;
  let s3: S3Client;
  const plans = "tollgate-fleet-plans";
  const reports = "tollgate-fleet-reports";
  const [plansKey, reportsKey] = ["plans", "reports"].map((id) => `arn:aws:kms:us-east-1:${emulatorAccount}:key/${id}`);

  beforeAll(async () => {
    emulator = await startEmulator();
    s3 = new S3Client({ ...clientSettings(emulator), forcePathStyle: true });
    for (const Bucket of [plans, reports]) await s3.send(new CreateBucketCommand({ Bucket }));
    cpSync(join(root, "dist", "fleet"), code, { recursive: true });
  });

  afterAll(async () => {
    for (const folder of [out, code]) rmSync(folder, { recursive: true, force: true });
    s3?.destroy();
    await emulator?.stop();
  });

  const put = (key: string, body: string | Buffer) =>
    s3.send(
      new PutObjectCommand({
        Bucket: plans,
        Key: key,
        Body: body,
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: plansKey,
      }),
    );
  const textOf = async (key: string): Promise<string> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: reports, Key: key }));
    return (await Body?.transformToString()) ?? "";
  };
  /** Calls a function in a process and a folder of its own, where, as in Lambda, the SDK is in `NODE_PATH`. */
  const call = (name: "judge" | "summarise", event: object) => {
    const script = `require("./fleet.cjs").${name}(JSON.parse(require("fs").readFileSync(0,"utf8"))).then(o=>process.stdout.write(JSON.stringify(o)))`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", script], {
      cwd: code,
      input: JSON.stringify(event),
      encoding: "utf8",
      env: {
        ...emulator.env,
        NODE_PATH: join(root, "node_modules"),
        TOLLGATE_PLANS: plans,
        TOLLGATE_REPORTS: reports,
        TOLLGATE_REPORTS_KEY: reportsKey,
      },
    });
    expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
    return JSON.parse(stdout);
  };
  const check = (...args: string[]) =>
    spawnSync(process.execPath, [join(root, "dist/cli.cjs"), "check", ...args], {
      cwd: out,
      encoding: "utf8",
      env: emulator.env,
    });

  test("objects are judged where they are, one or all below a prefix, as files are", async () => {
    await Promise.all([
      put("prod/site/plan.json", fixture("cdktf-stringify")),
      put("prod/site/cdk.tf.json", fixture("cdktf-stringify", "cdk.tf.json")),
      put("test/state.json", fixture("state")),
    ]);
    const uri = `s3://${plans}/prod/site/plan.json`;
    const one = check(uri, "--format", "json");
    expect(one.stderr).toBe("");
    const fromFile = JSON.parse(check(join(PLANS, "cdktf-stringify/plan.json"), "--format", "json").stdout);
    const bare = ({ results }: Report) => results.map(({ source, ...result }) => result);
    expect(bare(JSON.parse(one.stdout))).toEqual(bare(fromFile));
    expect(JSON.parse(one.stdout).input).toEqual({ ...fromFile.input, path: uri });
    const all = JSON.parse(check(`s3://${plans}/`, "--format", "json").stdout);
    expect(all.inputs.map(({ path }: { path: string }) => path)).toEqual([uri, `s3://${plans}/test/state.json`]);
  });

  test("what isn't there, and what is cut off, is status 2 with one line", async () => {
    await put("cut.json", fixture("plain").subarray(0, 700));
    for (const [key, words] of [
      ["gone.json", /^tollgate: s3:\/\/.*gone\.json: there is no such object\n$/],
      ["cut.json", /^tollgate: s3:\/\/.*cut\.json: .*\n$/],
      ["nothing/", /^tollgate: s3:\/\/.*nothing\/: expected plans or states.*\n$/],
    ] as const) {
      const { status, stdout, stderr } = check(`s3://${plans}/${key}`);
      expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: "", stderr: expect.stringMatching(words) });
    }
    const other = check("s3://tollgate-no-such-bucket/plan.json");
    expect(other).toMatchObject({ status: 2, stderr: expect.stringContaining("NoSuchBucket") });
  });

  test("an object larger than all windows on their way is read as it comes", async () => {
    const text = fixture("plain").toString("utf8");
    await put("large.json", text.replace("{", `{${" ".repeat(24 << 20)}`));
    const { results } = JSON.parse(check(`s3://${plans}/large.json`, "--format", "json").stdout);
    await put("small.json", text);
    expect(results).toEqual(JSON.parse(check(`s3://${plans}/small.json`, "--format", "json").stdout).results);
  });

  test("a run: every object in a batch, a report each, what can't be judged said, and a summary", async () => {
    await put("tollgate.json", JSON.stringify({ waivers: [waiver, { ...waiver, address: "aws_s3_bucket.gone" }] }));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: plans }));
    const keys = Contents.map(({ Key }) => ({ Key: Key ?? "" }));
    const BatchInput = { run: "run-1" };
    const batches = [];
    for (let from = 0; from < keys.length; from += 3)
      batches.push(call("judge", { BatchInput, Items: keys.slice(from, from + 3) }));
    // A second try of a batch, as after a timeout, changes nothing.
    expect(call("judge", { BatchInput, Items: keys.slice(0, 3) })).toEqual(batches[0]);
    const outcome = call("summarise", {
      run: "run-1",
      batches: [...batches, { notJudged: ["late.json"], because: "Lambda.Unknown" }],
    });
    expect(outcome).toEqual({ status: 2, summary: "summaries/run-1.json", stacks: 6, notJudged: 2 });
    const summary = JSON.parse(await textOf("summary.json"));
    expect(summary.judged.map(({ key, verdict }: { key: string; verdict: string }) => `${key} ${verdict}`)).toEqual([
      "large.json undecided",
      "prod/site/plan.json fail",
      "small.json undecided",
      "test/state.json fail",
    ]);
    expect(summary.notJudged).toEqual([
      { key: "cut.json", trouble: expect.stringContaining("cut.json") },
      { key: "late.json", trouble: "its batch broke off: Lambda.Unknown" },
    ]);
    expect(summary.notices).toEqual([
      { message: expect.stringContaining("`aws_s3_bucket.gone`"), rule: "s3-encrypted-puts-only" },
    ]);
    const report: Report = JSON.parse(await textOf("reports/prod/site/plan.json"));
    expect(report.results.filter(({ verdict }) => verdict === "waived").map(({ rule }) => rule)).toEqual([waiver.rule]);
    expect(summary.summary.waived).toBe(1);
    const head = await s3.send(new HeadObjectCommand({ Bucket: reports, Key: "reports/prod/site/plan.json" }));
    expect(head).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: reportsKey });
  });

  test("a run over nothing is no pass", () => {
    expect(call("summarise", { run: "run-2", batches: [] })).toMatchObject({ status: 2, stacks: 0 });
  });
});
