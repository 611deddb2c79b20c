/**
 * Turns a stage of a pipeline into a process: `npm run -s gate:STAGE -- [FLAGS]`. Every CI system and every buildspec
 * calls these same five, so that the logic stands once. Needs `npm run build`.
 *
 * | stage | does | needs credentials |
 * |---|---|---|
 * | `preplan` | the before-plan check of the configuration: only listed providers and modules, nothing that runs a program | no |
 * | `plan` | `terraform init` and `terraform plan -out=GATE/plan.tfplan` | read |
 * | `judge` | `tollgate check` of that plan with all reports, and the seal where it passed | no |
 * | `apply` | verifies the seal, then `terraform init` and `terraform apply` of that very file | write |
 * | `verify` | judges the state after the apply, and looks for drift in a fresh plan's `resource_drift` | read |
 *
 * | flag | meaning | else from the environment | default |
 * |---|---|---|---|
 * | `--dir DIR` | the directory with the configuration | `TOLLGATE_DIR` | the only stack below `cdktf.out/stacks`, else `.` |
 * | `--stack NAME` | short for `--dir cdktf.out/stacks/NAME` | `TOLLGATE_STACK` | |
 * | `--config FILE` | `tollgate.json` | `TOLLGATE_CONFIG` | `tollgate.json` in the working directory, where there is one |
 * | `--seal-key KEY` | `judge` signs the seal: PEM file or `awskms:///KEY` | `TOLLGATE_SEAL_KEY` | not signed |
 * | `--public-key FILE` | `apply` demands a seal signed by this key's owner | `TOLLGATE_PUBLIC_KEY` | not demanded |
 * | `--max-age AGE` | `apply` refuses an older seal: `90m`, `24h`, `7d` | `TOLLGATE_MAX_AGE` | `24h` |
 *
 * `judge`, `apply` and `verify` also read TOLLGATE_RULES, TOLLGATE_ACCOUNT and TOLLGATE_ON_UNDECIDED (help/configuration.md).
 *
 * GATE is `DIR/gate`. It holds `plan.tfplan` (secrets: hand it from stage to stage only, never publish it), `seal.json`,
 * and the reports `report.json`, `report.sarif`, `junit.xml`, `report.md`, `report.html`, `gitlab.json`, `bitbucket.json`.
 * A stage that is handed over to another machine needs DIR without `.terraform`, with `.terraform.lock.hcl` and `gate/`.
 *
 * Exit status: 0 done; 1 the gate objects (a finding, a refused seal, drift); 2 the work could not be done;
 * 3 undecided. Whatever Terraform itself fails with is passed on.
 */
import { runStage } from "../validators/gate/stages";

runStage(process.argv.slice(2), process.env).then((status) => {
  process.exitCode = status;
});
