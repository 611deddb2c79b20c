/** Turns what is installed of other tools into contestants that judge the same plan by equivalent rules. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import type { Contestant } from "./measure";
import type { GrownPlan } from "./plans";

/** Another tool that judges plan JSON. */
export interface Peer {
  readonly name: string;
  /** The program that was found. */
  readonly program: string;
  contestant(plan: GrownPlan): Contestant;
}

/** The rules of the peers: flags, algorithm and rotation. None of them can decide policies, link or recover: they do less. */
const RULES = join(__dirname, "peers");

/** How a tool is called, and what shows that it found each violation. */
interface Kind {
  readonly name: string;
  /** What names another program than the one in PATH. */
  readonly variable: string;
  readonly version: readonly string[];
  readonly args: (plan: GrownPlan) => readonly string[];
  readonly statusOfFindings: number;
  /** Findings in what it printed. */
  readonly count: (printed: string) => number;
}

const countOf =
  (pattern: RegExp) =>
  (printed: string): number =>
    new Set([...printed.matchAll(pattern)].map(([found]) => found)).size;

const KINDS: readonly Kind[] = [
  {
    name: "cfn-guard",
    variable: "TOLLGATE_BENCH_CFN_GUARD",
    version: ["--version"],
    args: ({ file }) => [
      ...["validate", "--data", file, "--rules", join(RULES, "rules.guard")],
      ...["--output-format", "json", "--structured", "--show-summary", "none"],
    ],
    statusOfFindings: 19,
    count: countOf(/\/resource_changes\/\d+\/change\/after\/block_public_policy/g),
  },
  {
    name: "conftest",
    variable: "TOLLGATE_BENCH_CONFTEST",
    version: ["--version"],
    args: ({ file }) => ["test", "--no-color", "--policy", join(RULES, "rules.rego"), file],
    statusOfFindings: 1,
    count: countOf(/^FAIL.*$/gm),
  },
  {
    name: "checkov",
    variable: "TOLLGATE_BENCH_CHECKOV",
    version: ["--version"],
    args: ({ file }) => [
      ...["--file", file, "--framework", "terraform_plan", "--quiet", "--compact", "--skip-download"],
      ...["--check", "CKV_AWS_53,CKV_AWS_54,CKV_AWS_55,CKV_AWS_56,CKV_AWS_7"],
    ],
    statusOfFindings: 1,
    count: countOf(/FAILED for resource: .*$/gm),
  },
  {
    name: "trivy",
    variable: "TOLLGATE_BENCH_TRIVY",
    version: ["--version"],
    args: ({ file }) => ["config", "--quiet", "--skip-check-update", "--exit-code", "1", "--format", "json", file],
    statusOfFindings: 1,
    count: countOf(/unit-\d{7}(?=[^"]*aws_s3_bucket_public_access_block|"\])/g),
  },
];

/** The peers that are installed: in PATH, or where their variable says. */
export function installedPeers(): readonly Peer[] {
  return KINDS.flatMap((kind) => {
    const program = process.env[kind.variable] ?? kind.name;
    const asked = spawnSync(program, kind.version, { encoding: "utf8" });
    if (asked.error !== undefined || asked.status !== 0) return [];
    const version = /\d+\.\d+\S*/.exec(asked.stdout)?.[0] ?? "";
    return [
      {
        name: `${kind.name} ${version}`.trim(),
        program,
        contestant: (plan: GrownPlan): Contestant => ({
          name: kind.name,
          program,
          args: kind.args(plan),
          status: kind.statusOfFindings,
          isDone: (printed) => kind.count(printed) === plan.violations,
        }),
      },
    ];
  });
}
