/** The README's bootstrap and teardown, as they are typed: state bucket and pipeline deployed through the gate, and taken away again. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { unpack } from "../../scripts/codebuild";
import { clientSettings, type Emulator, startEmulator } from "../../scripts/emulator";
import { sourceArchive } from "../../scripts/rehearsal";
import { root } from "../../scripts/synth";
import { type Outcome, run } from "../../scripts/terraform";
import { expectDone } from "./outcome";
import { type StandIn, startStandIn } from "./stand-in";
import { describeWithEmulator } from "./whole";

jest.setTimeout(1_200_000);

describeWithEmulator("the bootstrap of the README", () => {
  // A checkout of its own: state of a real bootstrap may lie in this one.
  const checkout = mkdtempSync(join(tmpdir(), "tollgate-bootstrap-"));
  let emulator: Emulator;
  let standIn: StandIn;
  let s3: S3Client;

  beforeAll(async () => {
    [emulator, standIn] = await Promise.all([startEmulator(), startStandIn()]);
    unpack(sourceArchive(), checkout);
    symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"));
    s3 = new S3Client({ ...clientSettings(emulator), forcePathStyle: true });
  });

  afterAll(async () => {
    rmSync(checkout, { recursive: true, force: true });
    s3?.destroy();
    standIn?.stop();
    await emulator?.stop();
  });

  const npm = (words: string, settings: NodeJS.ProcessEnv = {}): Promise<Outcome> =>
    run("npm", [...words.split(" "), "--auto-approve"], {
      cwd: checkout,
      env: { ...emulator.env, ...standIn.env, CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1", ...settings },
    });
  const buckets = async (): Promise<readonly string[]> =>
    ((await s3.send(new ListBucketsCommand())).Buckets ?? []).map((bucket) => bucket.Name ?? "").sort();
  const outputOf = (name: string, said: string): string =>
    new RegExp(`\\b${name} = "?([^"(\\s]+)`).exec(said.replaceAll(/\u001b\[[0-9;]*m/g, ""))?.[1] ?? "";

  let settings: NodeJS.ProcessEnv = {};

  test("`npm run deploy -- state` makes the bucket, and says what to set", async () => {
    const done = await npm("run deploy -- state");
    expectDone(done);
    expect(done.stdout).toContain("tollgate: passed");
    const bucket = outputOf("bucket", done.stdout);
    expect(await buckets()).toEqual([bucket]);
    expect(outputOf("key", done.stdout)).toMatch(/^arn:aws:kms:.*:key\//);
    // The emulator takes every Deny of a policy for unconditional, so it lets nobody write to that bucket: another one holds
    // the state from here on.
    await s3.send(new CreateBucketCommand({ Bucket: "tollgate-state-plain" }));
    settings = {
      TOLLGATE_STATE_BUCKET: "tollgate-state-plain",
      TOLLGATE_STATE_KEY: outputOf("key", done.stdout),
      TOLLGATE_SOURCE: "github:example/site@main",
      TOLLGATE_NOTIFY: "approver@example.com",
    };
  });

  test("`npm run deploy -- pipeline` makes the pipeline, with its state in the bucket", async () => {
    expectDone(await npm("run deploy -- pipeline", settings));
    expect([...standIn.stored("pipeline").keys()]).toEqual(["tollgate"]);
  });

  test("nothing that holds something is destroyed by accident", async () => {
    const { status, stdout, stderr } = await npm("run destroy -- state", settings);
    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toContain("prevent_destroy");
    expect(await buckets()).toHaveLength(3);
  });

  test("the teardown takes all away, whatever is in it", async () => {
    const removable = { ...settings, TOLLGATE_REMOVABLE: "yes" };
    expectDone(await npm("run deploy -- pipeline", removable));
    expectDone(await npm("run destroy -- pipeline", removable));
    for (const kind of ["pipeline", "project", "report-group", "connection"])
      expect([...standIn.stored(kind).keys()]).toEqual([]);
    expectDone(await npm("run deploy -- state", removable));
    expectDone(await npm("run destroy -- state", removable));
    expect(await buckets()).toEqual(["tollgate-state-plain"]);
  });

  test("a stack has to be named", async () => {
    const { status, stderr } = await run("npm", ["run", "-s", "deploy"], { cwd: checkout, env: emulator.env });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^expected `npm run deploy -- STACK`.*\n$/);
  });
});
