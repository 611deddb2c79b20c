/** A seal signed by a key in KMS, through the real SDK, against the emulator's KMS, which really signs. */
import { createPublicKey } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateKeyCommand, GetPublicKeyCommand, type KeySpec, KMSClient } from "@aws-sdk/client-kms";
import { clientSettings, type Emulator, startEmulator } from "../../scripts/emulator";
import { root } from "../../scripts/synth";
import { run, succeed } from "../../scripts/terraform";
import { findTerraform } from "../../validators/gate/find";
import { describeWithEmulator } from "./whole";

jest.setTimeout(300_000);

describeWithEmulator("a seal signed in KMS", () => {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-kms-"));
  let emulator: Emulator;
  let kms: KMSClient;

  beforeAll(async () => {
    emulator = await startEmulator();
    kms = new KMSClient(clientSettings(emulator));
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource: { terraform_data: { a: {} } } }));
    const terraform = findTerraform().path;
    const at = { cwd: folder, env: emulator.env };
    succeed(await run(terraform, ["init", "-input=false"], at), "`terraform init`");
    succeed(await run(terraform, ["plan", "-input=false", "-out=plan.tfplan"], at), "`terraform plan`");
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    kms?.destroy();
    await emulator?.stop();
  });

  const tollgate = (...args: string[]) =>
    run(process.execPath, [join(root, "dist", "cli.cjs"), ...args], { cwd: folder, env: emulator.env });

  async function keyOf(spec: KeySpec): Promise<string> {
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: "SIGN_VERIFY" }));
    return KeyMetadata?.Arn ?? "";
  }

  /** Writes the public half of a key to a PEM file, as `aws kms get-public-key` and `openssl` would. */
  async function publicKeyOf(key: string, name: string): Promise<string> {
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: key }));
    const half = createPublicKey({ key: Buffer.from(PublicKey ?? []), format: "der", type: "spki" });
    writeFileSync(join(folder, name), half.export({ type: "spki", format: "pem" }));
    return name;
  }

  test("opens the gate with this key's public half, and with no other", async () => {
    const [key, other] = [await keyOf("ECC_NIST_P256"), await keyOf("ECC_NIST_P256")];
    expect(
      await tollgate("check", "plan.tfplan", "--seal", "seal.json", "--seal-key", `awskms:///${key}`),
    ).toMatchObject({
      status: 0,
    });
    expect(JSON.parse(readFileSync(join(folder, "seal.json"), "utf8"))).toMatchObject({
      payloadType: "application/vnd.in-toto+json",
    });
    const verify = async (pem: string) => tollgate("verify", "plan.tfplan", "--seal", "seal.json", "--public-key", pem);
    expect(await verify(await publicKeyOf(key, "key.pem"))).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("and the seal is signed"),
    });
    expect(await verify(await publicKeyOf(other, "other.pem"))).toMatchObject({
      status: 1,
      stdout: "refused: the seal was not signed by this key\n",
    });
  });

  test("needs a key of the right kind, and one that is there", async () => {
    const wrong = await keyOf("ECC_NIST_P384");
    for (const key of [wrong, "arn:aws:kms:us-east-1:123456789012:key/none"]) {
      const ran = await tollgate("check", "plan.tfplan", "--seal", "none.json", "--seal-key", `awskms:///${key}`);
      expect(ran).toMatchObject({ status: 2 });
      expect(ran.stderr.split("\n").filter((line) => line.startsWith("tollgate: "))).toHaveLength(1);
    }
  });
});
