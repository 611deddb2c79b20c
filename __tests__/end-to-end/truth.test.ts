/** What Tollgate recovers of policies before apply, held against what AWS's API gives back after it. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetKeyPolicyCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetBucketPolicyCommand, S3Client } from "@aws-sdk/client-s3";
import { clientSettings, type Emulator, startEmulator } from "../../scripts/emulator";
import { committedLock } from "../../scripts/synth";
import { run, succeed } from "../../scripts/terraform";
import { findTerraform } from "../../validators/gate/find";
import { isText, partsOf, type Text, type Unknown } from "../../validators/kernel/index";
import { buildGraph, type ResourceGraph, WANTED_TYPES } from "../../validators/model/index";
import { readPlan } from "../../validators/plan/index";
import { fromHcl } from "../../validators/source/index";
import { useParser } from "../source/parser";
import { describeWithEmulator } from "./whole";

jest.setTimeout(600_000);
beforeAll(useParser);

const project = join(__dirname, "truth");
const FILES = ["main.tf", "cdktf.tf.json", "policy.json.tftpl", "site/main.tf"];

interface StateModule {
  readonly resources?: readonly { readonly address: string; readonly values: Readonly<Record<string, unknown>> }[];
  readonly child_modules?: readonly StateModule[];
}

/** Every attribute of a state by `ADDRESS.ATTRIBUTE`: what symbols are called. */
function valuesIn(module: StateModule, values = new Map<string, unknown>()): ReadonlyMap<string, unknown> {
  for (const { address, values: attributes } of module.resources ?? [])
    for (const [name, value] of Object.entries(attributes)) values.set(`${address}.${name}`, value);
  for (const child of module.child_modules ?? []) valuesIn(child, values);
  return values;
}

/** A recovered policy with what its symbols turned out to be. */
function filled(policy: string | Text | Unknown | null | undefined, values: ReadonlyMap<string, unknown>): unknown {
  if (!isText(policy)) throw new Error(`not recovered: ${JSON.stringify(policy)}`);
  const parts = partsOf(policy).map((part, index, all) => {
    if (typeof part === "string") return part;
    const value = values.get(part.id);
    if (typeof value !== "string") throw new Error(`the state has no \`${part.id}\``);
    // Of a name that begins as it is told to, the symbol is what the provider adds.
    const prefix = values.get(`${part.id}_prefix`);
    const before = all[index - 1];
    const isRest = typeof prefix === "string" && typeof before === "string" && before.endsWith(prefix);
    return isRest ? value.slice(prefix.length) : value;
  });
  return JSON.parse(parts.join(""));
}

describeWithEmulator("recovered policies", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-truth-"));
  let emulator: Emulator;
  let graph: ResourceGraph;
  let values: ReadonlyMap<string, unknown>;
  let s3: S3Client;
  let kms: KMSClient;

  const terraform = async (...args: string[]): Promise<string> =>
    succeed(await run(findTerraform().path, args, { cwd: folder, env: emulator.env }), `\`terraform ${args[0]}\``)
      .stdout;

  beforeAll(async () => {
    cpSync(project, folder, { recursive: true });
    cpSync(committedLock, join(folder, ".terraform.lock.hcl"));
    emulator = await startEmulator();
    const client = clientSettings(emulator);
    s3 = new S3Client({ ...client, forcePathStyle: true });
    kms = new KMSClient(client);
    await terraform("init", "-input=false");
    await terraform("plan", "-input=false", "-out=plan.tfplan");
    const plan = readPlan([Buffer.from(await terraform("show", "-json", "plan.tfplan"))], { wanted: WANTED_TYPES });
    const source = fromHcl(new Map(FILES.map((name) => [name, readFileSync(join(project, name), "utf8")])));
    graph = buildGraph(plan, { source });
    await terraform("apply", "-input=false", "plan.tfplan");
    const state: { values: { root_module: StateModule } } = JSON.parse(await terraform("show", "-json"));
    values = valuesIn(state.values.root_module);
  });

  afterAll(async () => {
    s3?.destroy();
    kms?.destroy();
    await emulator?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([
    "aws_s3_bucket.encoded",
    "aws_s3_bucket.heredoc",
    "aws_s3_bucket.template",
    "aws_s3_bucket.document",
    "aws_s3_bucket.stringified",
    "aws_s3_bucket.fn",
    'module.site["logs"].aws_s3_bucket.this[0]',
    'module.site["media"].aws_s3_bucket.this[0]',
  ])("%s has the policy that was judged", async (address) => {
    const recovered = graph.buckets.find((bucket) => bucket.address === address)?.policies.linked[0]?.content;
    const { Policy = "" } = await s3.send(new GetBucketPolicyCommand({ Bucket: String(values.get(`${address}.id`)) }));
    expect(filled(recovered, values)).toEqual(JSON.parse(Policy));
  });

  test("so does the key", async () => {
    const recovered = graph.keys[0]?.policies.linked[0]?.content;
    const { Policy = "" } = await kms.send(
      new GetKeyPolicyCommand({ KeyId: String(values.get("aws_kms_key.data.key_id")), PolicyName: "default" }),
    );
    expect(filled(recovered, values)).toEqual(JSON.parse(Policy));
  });

  test("each bucket before apply was one bucket after it", () => {
    expect(graph.buckets).toHaveLength(8);
    for (const { address } of graph.buckets) expect(values.get(`${address}.id`)).toEqual(expect.any(String));
  });
});
