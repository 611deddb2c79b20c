/** Turns `tollgate.json` into a checked configuration, or says in one line what is wrong where. */
import * as v from "valibot";
import { InputError } from "../kernel/index";

/** A calendar day, `YYYY-MM-DD`, that exists. */
const day = v.pipe(
  v.string("expected a day as `YYYY-MM-DD`"),
  v.check((value) => isDay(value), "expected a day that exists, as `YYYY-MM-DD`"),
);
const filled = (what: string) =>
  v.pipe(v.string(`expected ${what}`), v.trim(), v.nonEmpty(`expected ${what}, found nothing`));

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

/** A waiver: who accepts which finding, why, and until when. */
export interface Waiver {
  readonly rule: string;
  /** Plan address; `*` stands for anything. */
  readonly address: string;
  /** The input's path as reports name it, `*` for anything: for where one configuration serves several inputs. Default: any. */
  readonly input?: string | undefined;
  readonly reason: string;
  readonly owner: string;
  /** `YYYY-MM-DD`: the last day on which it holds. */
  readonly expires: string;
}

const waiver: v.GenericSchema<unknown, Waiver> = v.strictObject({
  rule: filled("a rule id"),
  address: filled("a plan address"),
  input: v.optional(filled("an input's path")),
  reason: filled("a reason"),
  owner: filled("an owner"),
  expires: day,
});

const account = v.pipe(v.string("expected an account id"), v.regex(/^\d{12}$/, "expected twelve digits"));
const ruleSettings = v.strictObject({
  severity: v.optional(
    v.picklist(["low", "medium", "high", "critical"], "expected `low`, `medium`, `high` or `critical`"),
  ),
  allowMissingHeader: v.optional(v.boolean("expected `true` or `false`")),
});

/** Settings of one rule. */
export interface RuleSettings {
  readonly severity?: "low" | "medium" | "high" | "critical" | undefined;
  /** `s3-encrypted-puts-only` only: a put that names no encryption is fine where the bucket's declared default is KMS. */
  readonly allowMissingHeader?: boolean | undefined;
}

/** Settings of rules that several projects share. */
export interface Preset {
  readonly rules: Readonly<Record<string, RuleSettings>>;
}

/** `tollgate.json`, checked (help/configuration.md). */
export interface Config {
  readonly $schema?: string | undefined;
  /** Presets: `tollgate:NAME`, or the path of a file with `rules` in it, relative to this configuration. */
  readonly extends?: string | readonly string[] | undefined;
  /** Twelve digits. */
  readonly account?: string | undefined;
  /** By rule id. */
  readonly rules?: Readonly<Record<string, RuleSettings>> | undefined;
  readonly waivers?: readonly Waiver[] | undefined;
  /** What the before-plan check lets through besides the defaults (`tollgate preplan`). */
  readonly allow?:
    | {
        readonly providers?: readonly string[] | undefined;
        readonly modules?: readonly string[] | undefined;
        readonly backends?: readonly string[] | undefined;
      }
    | undefined;
}

const schema: v.GenericSchema<unknown, Config> = v.strictObject({
  $schema: v.optional(v.string("expected a text")),
  extends: v.optional(
    v.union([filled("a preset"), v.array(filled("a preset"))], "expected a preset's name, or a list of names"),
  ),
  account: v.optional(account),
  rules: v.optional(v.record(v.string(), ruleSettings, "expected an object of rule settings")),
  waivers: v.optional(v.array(waiver, "expected a list of waivers")),
  allow: v.optional(
    v.strictObject({
      providers: v.optional(v.array(filled("a provider's source address"))),
      modules: v.optional(v.array(filled("a module's source"))),
      backends: v.optional(v.array(filled("a backend's name"))),
    }),
  ),
});

/**
 * A configuration from JSON.
 * @throws InputError for unknown keys, unknown rules, wrong types, and waivers without reason, owner or expiry.
 */
export function readConfig(json: unknown, file: string, ruleIds: readonly string[] | undefined): Config {
  if (json === null || typeof json !== "object" || Array.isArray(json))
    throw new InputError(`${file}: expected a JSON object`);
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const path = v.getDotPath(issue) ?? "";
    const message = issue.type === "strict_object" ? objectMessage(issue.expected, issue.received) : issue.message;
    throw new InputError(`${file}: ${path ? `\`${path}\`: ` : ""}${message}`);
  }
  const config = parsed.output;
  const known = (rule: string, where: string) => {
    if (ruleIds?.includes(rule) === false)
      throw new InputError(`${file}: ${where}: expected a rule id (\`tollgate rules\` lists them), found \`${rule}\``);
  };
  // The keys as they were given: the schema library leaves out names such as `__proto__` without a word.
  const given: unknown = Object.hasOwn(json, "rules") && "rules" in json ? json.rules : {};
  for (const rule of Object.keys(given ?? {})) known(rule, "`rules`");
  for (const [rule, settings] of Object.entries(config.rules ?? {}))
    if (settings.allowMissingHeader !== undefined && rule !== "s3-encrypted-puts-only")
      throw new InputError(
        `${file}: \`rules.${rule}.allowMissingHeader\`: only \`s3-encrypted-puts-only\` has this option`,
      );
  config.waivers?.forEach((one, index) => {
    if (one.rule !== "*") known(one.rule, `\`waivers.${index}.rule\``);
    else throw new InputError(`${file}: \`waivers.${index}.rule\`: expected one rule id: a waiver is for one rule`);
  });
  return config;
}

/**
 * A preset from JSON: a configuration that holds `rules` and nothing else, as waivers and accounts are a project's own.
 * @throws InputError as {@link readConfig} does.
 */
export function readPreset(json: unknown, file: string, ruleIds: readonly string[] | undefined): Preset {
  const { $schema: _, rules = {}, ...more } = readConfig(json, file, ruleIds);
  const [key] = Object.keys(more);
  if (key !== undefined) throw new InputError(`${file}: \`${key}\`: a preset holds \`rules\` and nothing else`);
  return { rules };
}

/** Valibot says "no object", "unknown key" and "missing key" with one kind of issue; people need to know which. */
function objectMessage(expected: string | null, received: string): string {
  if (expected === "Object") return `expected an object, found ${received.replaceAll('"', "`")}`;
  if (expected === "never") return `unknown key ${received.replaceAll('"', "`")}`;
  return `missing ${(expected ?? "key").replaceAll('"', "`")}`;
}
