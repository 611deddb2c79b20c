/** Turns a judged binary plan into its seal, and a plan file and a seal into accepted or refused. */
import { type Judged, loadConfig } from "../check";
import { CLI } from "../gate/judge";
import { programDigest } from "../gate/program";
import { parseAge, removeSeal, rulesDigest, verifySeal, writeSeal } from "../gate/seal";
import { signerFor } from "../gate/signature";
import { InputError } from "../kernel/index";
import { rulesFrom } from "../own-rules";
import { said } from "../report/sanitize";
import { VERSION } from "../version";

/** Writes the seal of a plan that passed; one that didn't loses any earlier seal. */
export async function sealPlan(
  planFile: string,
  { report, config, account, planJsonSha256 }: Judged,
  seal: string,
  flags: { readonly onUndecided: "block" | "allow"; readonly sealKey?: string; readonly marks: readonly string[] },
): Promise<void> {
  if (planJsonSha256 === undefined)
    throw new InputError(
      `--seal: expected a binary plan (\`terraform plan -out=PLANFILE\`), found ${report.input.kind} JSON`,
    );
  const undecidedAllowed = flags.onUndecided === "allow";
  if (report.verdict === "fail" || (report.verdict === "undecided" && !undecidedAllowed)) return removeSeal(seal);
  // The first waiver to expire takes the pass with it.
  const [waivedUntil] = report.results.flatMap(({ waiver }) => (waiver ? [waiver.expires] : [])).sort();
  await writeSeal(
    seal,
    {
      planFile,
      planSha256: report.input.sha256,
      planJsonSha256,
      rulesDigest: rulesDigest(programDigest(CLI), flags.marks, VERSION, config),
      toolVersion: VERSION,
      verdict: report.verdict,
      ...(account === undefined ? {} : { account }),
      ...(waivedUntil === undefined ? {} : { waivedUntil }),
      now: new Date(),
    },
    { undecidedAllowed, ...(flags.sealKey === undefined ? {} : { signer: await signerFor(flags.sealKey) }) },
  );
}

/** The flags of `verify`. */
export interface VerifyFlags {
  readonly seal: string;
  readonly publicKey?: string;
  readonly maxAge?: string;
  readonly config?: string;
  readonly account?: string;
  readonly rules?: readonly string[];
  readonly onUndecided: "block" | "allow";
}

/** Says whether this very plan file is the one that passed: 0 if so, 1 if not. */
export async function verify(planFile: string, flags: VerifyFlags): Promise<number> {
  const { rules, marks } = rulesFrom(flags.rules);
  const config = loadConfig(flags.config, rules);
  const account = flags.account ?? config.account;
  const answer = await verifySeal(planFile, flags.seal, {
    now: new Date(),
    rulesDigest: rulesDigest(programDigest(CLI), marks, VERSION, config),
    toolVersion: VERSION,
    allowUndecided: flags.onUndecided === "allow",
    ...(account === undefined ? {} : { account }),
    ...(flags.maxAge === undefined ? {} : { maxAge: parseAge(flags.maxAge) }),
    ...(flags.publicKey === undefined ? {} : { publicKey: flags.publicKey }),
  });
  if (answer.verdict === "refused") {
    process.stdout.write(`refused: ${said(answer.because)}\n`);
    return 1;
  }
  const when = answer.judged.toISOString();
  // Where neither flag nor configuration says which account it should be, who reads this has to.
  const told = account === undefined && answer.account !== undefined ? ` for account ${said(answer.account)}` : "";
  process.stdout.write(
    `accepted: this plan passed the gate at ${when}${told}${answer.signed ? ", and the seal is signed" : ""}\n`,
  );
  return 0;
}
