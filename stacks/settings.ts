/** Turns environment variables into what differs between one owner of these stacks and the next. */
import type { RemoteState } from "./aws-stack";

/** The git hosts that AWS CodeConnections knows and this project has pipelines for, by the name used in `TOLLGATE_SOURCE`. */
const hosts = { github: "GitHub", gitlab: "GitLab", bitbucket: "Bitbucket" } as const;

/** Where the pipeline takes the code from: a repository through a connection, or an archive in a bucket of its own. */
export type Source =
  | {
      readonly kind: "repository";
      readonly host: (typeof hosts)[keyof typeof hosts];
      readonly repository: string;
      readonly branch: string;
    }
  | { readonly kind: "archive"; readonly object: string };

/** What an owner can say. */
export interface Settings {
  /** Where stacks keep their state; absent: in the checkout. */
  readonly state?: RemoteState;
  readonly source: Source;
  /** Mail addresses that are told when a plan waits for approval. */
  readonly notify: readonly string[];
  /** Whether buckets may be destroyed with what is in them, the state's included: said once, before taking all away. */
  readonly removable: boolean;
  /** When the fleet is judged; absent: whenever somebody starts it. */
  readonly fleetSchedule?: string;
}

/** Nothing set: state in the checkout, the code from `source.zip` in a bucket, nobody told. */
export const noSettings: Settings = { source: { kind: "archive", object: "source.zip" }, notify: [], removable: false };

function stateFrom(env: NodeJS.ProcessEnv): RemoteState | undefined {
  const { TOLLGATE_STATE_BUCKET: bucket, TOLLGATE_STATE_KEY: key } = env;
  if (!bucket && !key) return undefined;
  if (!bucket || !key)
    throw new Error("expected `TOLLGATE_STATE_BUCKET` and `TOLLGATE_STATE_KEY` together, found one without the other");
  return { bucket, key };
}

function sourceFrom(text: string | undefined): Source {
  if (!text) return noSettings.source;
  const match = /^(github|gitlab|bitbucket):([\w.-]+(?:\/[\w.-]+)+)(?:@([\w./-]+))?$/.exec(text);
  const [, host, repository, branch] = match ?? [];
  if (repository === undefined || !(host === "github" || host === "gitlab" || host === "bitbucket"))
    throw new Error(`expected \`TOLLGATE_SOURCE\` as \`github:OWNER/REPOSITORY@BRANCH\`, found \`${text}\``);
  return { kind: "repository", host: hosts[host], repository, branch: branch ?? "main" };
}

function removableFrom(text: string | undefined): boolean {
  if (text && text !== "yes" && text !== "no")
    throw new Error(`expected \`TOLLGATE_REMOVABLE\` to be \`yes\` or \`no\`, found \`${text}\``);
  return text === "yes";
}

function scheduleFrom(text: string | undefined): string | undefined {
  if (!text) return undefined;
  if (!/^(rate|cron)\([\w ,*/?#-]+\)$/.test(text))
    throw new Error(`expected \`TOLLGATE_FLEET_SCHEDULE\` as \`rate(…)\` or \`cron(…)\`, found \`${text}\``);
  return text;
}

/**
 * | variable | meaning |
 * |---|---|
 * | `TOLLGATE_STATE_BUCKET`, `TOLLGATE_STATE_KEY` | name and key ARN of the state bucket, as the stack `state` puts them out |
 * | `TOLLGATE_SOURCE` | `github:OWNER/REPOSITORY@BRANCH`, likewise `gitlab:` and `bitbucket:`; default: `source.zip` in a bucket that the pipeline stack makes |
 * | `TOLLGATE_FLEET_SCHEDULE` | when the fleet is judged: `rate(1 day)`, or `cron(…)` as EventBridge Scheduler reads it; default: never by itself |
 * | `TOLLGATE_NOTIFY` | mail addresses, with commas between them |
 * | `TOLLGATE_REMOVABLE` | `yes` lets the buckets be destroyed with all that is in them; default: no |
 *
 * Throws when one is malformed.
 */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const state = stateFrom(env);
  const fleetSchedule = scheduleFrom(env.TOLLGATE_FLEET_SCHEDULE);
  return {
    ...(state === undefined ? {} : { state }),
    source: sourceFrom(env.TOLLGATE_SOURCE),
    ...(fleetSchedule === undefined ? {} : { fleetSchedule }),
    notify: (env.TOLLGATE_NOTIFY ?? "").split(",").filter((address) => address !== ""),
    removable: removableFrom(env.TOLLGATE_REMOVABLE),
  };
}
