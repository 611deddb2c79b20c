/** Turns the presets that a configuration extends into one configuration: severities and options, never a rule less. */
import { InputError } from "../kernel/index";
import type { Config, Preset, RuleSettings } from "./config";

/** The severities of the AWS Security Hub controls that each rule's page names, the worst of them where there are several. */
const SECURITY_HUB: Preset = {
  rules: {
    "s3-block-public-access": { severity: "high" },
    "s3-kms-encryption": { severity: "medium" },
    "s3-tls-only": { severity: "medium" },
    "kms-key-rotation": { severity: "medium" },
    "kms-no-cross-account": { severity: "critical" },
    "s3-owner-account-only": { severity: "critical" },
  },
};

/** Every finding critical, so that a platform that blocks by severity blocks as the gate does; no option that gives way. */
const STRICT: Preset = {
  rules: {
    "s3-block-public-access": { severity: "critical" },
    "s3-encryption-configured": { severity: "critical" },
    "s3-kms-encryption": { severity: "critical" },
    "s3-tls-only": { severity: "critical" },
    "s3-encrypted-puts-only": { severity: "critical", allowMissingHeader: false },
    "kms-key-rotation": { severity: "critical" },
    "kms-no-cross-account": { severity: "critical" },
    "s3-owner-account-only": { severity: "critical" },
  },
};

/** Puts may leave the encryption to the bucket's default, where that is KMS: what SDKs do that are told nothing. */
const DEFAULT_ENCRYPTION: Preset = { rules: { "s3-encrypted-puts-only": { allowMissingHeader: true } } };

/** Tollgate's own presets, by the name that `extends` gives. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  "tollgate:default-encryption": DEFAULT_ENCRYPTION,
  "tollgate:security-hub": SECURITY_HUB,
  "tollgate:strict": STRICT,
};

/** One of {@link PRESETS}. @throws InputError where there is none of this name. */
export function ownPreset(name: string, file: string): Preset {
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined;
  if (preset) return preset;
  const names = Object.keys(PRESETS).map((one) => `\`${one}\``);
  throw new InputError(`${file}: \`extends\`: expected ${names.join(", ")} or the path of a file, found \`${name}\``);
}

/** The configuration with what it extends: a later preset wins over an earlier one, and the configuration over all. */
export function extended(config: Config, presetOf: (name: string) => Preset): Config {
  const { extends: names = [], ...own } = config;
  const rules: Record<string, RuleSettings> = {};
  for (const settings of [...[names].flat().map((name) => presetOf(name).rules), own.rules ?? {}])
    for (const [rule, more] of Object.entries(settings)) rules[rule] = { ...rules[rule], ...more };
  return Object.keys(rules).length > 0 ? { ...own, rules } : own;
}
