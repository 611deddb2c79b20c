/** Turns the command `gate` into what it takes and says of itself; the stages are loaded only when one is asked for. */
import { Argument, type Command } from "commander";
import { STAGES, type StageName } from "./stage-names";

/** What each stage does and needs, for `tollgate gate --help`. */
const HELP = `
Stages, in order:
  preplan  looks at the configuration before anything is planned: only listed
           providers and modules, nothing that runs a program. Needs no
           credentials.
  plan     runs \`terraform init\`, then \`terraform plan\` into
           GATE/plan.tfplan. Needs credentials that read.
  judge    runs \`tollgate check\` on that plan with all reports, and seals it
           where it passed. Needs no credentials, but those of the key where
           --seal-key is awskms:///KEY.
  apply    verifies the seal, then runs \`terraform init\` and \`terraform
           apply\` of that very file. Needs credentials that write.
  verify   judges the state after the apply, and looks for drift
           (GATE/drift.json). Needs credentials that read.

GATE is DIR/gate. It holds plan.tfplan (secrets: hand it from stage to stage
only), seal.json, and the reports. A stage on another machine needs DIR without
.terraform, with .terraform.lock.hcl and gate/.

From the environment, where the flag isn't given: TOLLGATE_DIR, TOLLGATE_STACK,
TOLLGATE_CONFIG, TOLLGATE_SEAL_KEY, TOLLGATE_PUBLIC_KEY, TOLLGATE_MAX_AGE. From
there only, for judge, apply and verify: TOLLGATE_RULES (a file with rules of
your own, which is run), TOLLGATE_ACCOUNT and TOLLGATE_ON_UNDECIDED (block or
allow). No pull request may write to it.

Exit status: 0 done; 1 the gate objects (a finding, a refused seal, drift); 2
the work could not be done; 3 undecided. Whatever Terraform itself fails with is
passed on.`;

/** Makes the command. Every CI file calls it, so that the logic stands once. */
export function gateCommand(command: Command, exit: (status: number) => void): void {
  command
    .description("a stage of a pipeline, as the CI files of `tollgate init` call it")
    .addArgument(new Argument("<stage>", "which").choices(STAGES))
    .option("--dir <directory>", "the configuration; default: the only stack below cdktf.out/stacks, else here")
    .option("--stack <name>", "short for --dir cdktf.out/stacks/NAME")
    .option("--config <file>", "configuration; default tollgate.json where there is one")
    .option("--seal-key <key>", "judge: sign the seal: a PEM file, or awskms:///KEY")
    .option("--public-key <file>", "apply: accept only a seal that this key signed (PEM)")
    .option("--max-age <age>", "apply: refuse an older seal: 90m, 24h, 7d; default 24h")
    .addHelpText("after", HELP)
    .action(async (stage: StageName, flags) => exit(await (await import("./stages")).runStage(stage, flags)));
}
