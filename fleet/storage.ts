/** Turns the functions' environment into where plans are read and reports are written. */
import { text } from "node:stream/consumers";
import { naming } from "../validators/file-bytes";
import { type Config, readConfig } from "../validators/judge/index";
import { InputError } from "../validators/kernel/index";
import { readJsonText } from "../validators/plan/index";
import { RULES } from "../validators/rules/index";
import { type S3Store, s3Store } from "../validators/spread/s3";

/** The object in the bucket of plans that configures the whole fleet, where there is one. */
export const CONFIG_OBJECT = "tollgate.json";

/** The buckets of a fleet. */
export interface Storage {
  readonly store: S3Store;
  /** `s3://BUCKET/` of the plans. */
  readonly plans: string;
  /** `s3://BUCKET/` of the reports. */
  readonly reports: string;
  /** Writes an object of the reports, in the encryption that their bucket asks for. */
  write(key: string, text: string): Promise<void>;
}

let connected: Promise<S3Store> | undefined;

/** What the stack put into `TOLLGATE_PLANS`, `TOLLGATE_REPORTS` and `TOLLGATE_REPORTS_KEY`. The client outlives a call. */
export async function storage(env: NodeJS.ProcessEnv): Promise<Storage> {
  connected ??= s3Store();
  const store = await connected;
  const reports = `s3://${variable(env, "TOLLGATE_REPORTS")}/`;
  const key = variable(env, "TOLLGATE_REPORTS_KEY");
  return {
    store,
    plans: `s3://${variable(env, "TOLLGATE_PLANS")}/`,
    reports,
    write: (name, text) => store.put(`${reports}${name}`, text, key),
  };
}

function variable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new InputError(`expected the environment variable \`${name}\``);
  return value;
}

/** An object's text; `undefined` where there is none. Only for what the fleet wrote itself, and its configuration. */
export async function textOf(store: S3Store, uri: string): Promise<string | undefined> {
  const body = await store.open(uri);
  return body === undefined ? undefined : text(body);
}

/** The fleet's configuration: `tollgate.json` in the bucket of plans, else none. @throws InputError where it is wrong. */
export async function configOf({ store, plans }: Storage): Promise<Config> {
  const text = await textOf(store, `${plans}${CONFIG_OBJECT}`);
  if (text === undefined) return {};
  return readConfig(
    naming(CONFIG_OBJECT, () => readJsonText(text)),
    CONFIG_OBJECT,
    RULES.map((rule) => rule.id),
  );
}
