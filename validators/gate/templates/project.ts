/** What the CI templates need to know about the project that they are written for. */

import type { StageName } from "../stage-names";

/** A project behind the gate. All commands are shell lines; none holds user text that a shell would take apart. */
export interface CiProject {
  /** The directory with Terraform's configuration, relative to the top: `cdktf.out/stacks/site`, `infra`, `.`. */
  readonly directory: string;
  /** The command of a stage. */
  readonly gate: (stage: StageName) => string;
  /** Installs what `package.json` says, tollgate among it. */
  readonly install: readonly string[];
  /** Makes the configuration, where it is synthesized. */
  readonly synth: readonly string[];
  /** The project's own tests; without credentials. */
  readonly test: readonly string[];
  /**
   * Versions of Node.js that the tests run with, on GitHub: side by side in a job of their own, with Terraform at hand.
   * Default: the one that everything runs with, in the job that checks the configuration.
   */
  readonly nodes?: readonly number[];
  /** Puts the pinned Terraform into PATH where the system has no action for it; checked by its checksum. */
  readonly terraform: readonly string[];
  readonly terraformVersion: string;
  /** SHA-256 of `terraform_VERSION_linux_amd64.zip`. */
  readonly terraformSha256: string;
  /** The branch that is deployed. */
  readonly branch: string;
  /** Further CI variables that making the configuration reads. */
  readonly variables: readonly string[];
}

/** Terraform that is taken when nothing else is said, and the checksum that HashiCorp signs for it. */
export const TERRAFORM = {
  version: "1.11.4",
  sha256: "1ce994251c00281d6845f0f268637ba50c0005657eb3cf096b92f753b42ef4dc",
} as const;

/** Fetches Terraform and refuses it when its checksum is another; for systems without an action that does. */
export const FETCH_TERRAFORM: readonly string[] = [
  'curl --proto "=https" --tlsv1.2 --fail --silent --show-error --location --output terraform.zip "https://releases.hashicorp.com/terraform/${TERRAFORM_VERSION}/terraform_${TERRAFORM_VERSION}_linux_amd64.zip"',
  'echo "${TERRAFORM_SHA256}  terraform.zip" | sha256sum --check --strict -',
  "unzip -oq terraform.zip terraform -d /usr/local/bin",
  "rm terraform.zip",
];

/** What the stages leave in a directory: the plan, its seal, the reports. */
const gateIn = (directory: string): string => (directory === "." ? "gate" : `${directory}/gate`);

/** The same for the project's directory. */
export const gateFolder = ({ directory }: CiProject): string => gateIn(directory);

/** What is planned for a pull request, next to the Tollgate, the settings and the waivers that judge it. */
export interface Proposed {
  /**
   * Synthesized configuration is handed over from the job that made it, which has no credentials. Configuration that was
   * written by hand is unpacked from the commit, beside the checkout of the branch that it is to be merged into.
   */
  readonly isHandedOver: boolean;
  readonly directory: string;
  readonly gate: string;
  /** Shell lines that unpack it from a commit; none where it is handed over. */
  readonly unpack: (commit: string) => readonly string[];
}

/** Where the jobs with credentials find what is proposed. */
export function proposedIn(project: CiProject): Proposed {
  const isHandedOver = project.synth.length > 0;
  const beside = project.directory === "." ? "proposed" : `proposed/${project.directory}`;
  const directory = isHandedOver ? project.directory : beside;
  return {
    isHandedOver,
    directory,
    gate: gateIn(directory),
    unpack: (commit) => (isHandedOver ? [] : ["mkdir -p proposed", `git archive "${commit}" | tar -x -C proposed`]),
  };
}

/** Lines as a YAML list of plain or quoted scalars, indented. */
export function yamlList(lines: readonly string[], indent: number): string {
  return lines.map((line) => `${" ".repeat(indent)}- ${yamlScalar(line)}`).join("\n");
}

/** A line as a YAML scalar: plain where YAML reads it as it stands, else in single quotes. */
export const yamlScalar = (line: string): string =>
  /^[A-Za-z0-9./][^#'"{}[\],&*?|>!%@`\\]*$/.test(line) && !/\s$|:(?:\s|$)/.test(line)
    ? line
    : `'${line.replaceAll("'", "''")}'`;
