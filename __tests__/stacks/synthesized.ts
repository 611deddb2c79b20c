/** Turns stacks into their synthesized JSON without what differs from checkout to checkout. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type TerraformStack, Testing } from "cdktf";
import { app } from "../../main";
import { noSettings, type Settings } from "../../stacks/settings";

/** What these tests look at in Terraform JSON: resources by type and name. */
export interface TerraformJson {
  readonly terraform: {
    readonly backend?: Record<string, Record<string, unknown>>;
    readonly required_providers: Record<string, { version: string }>;
  };
  readonly resource: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
}

/** Every stack of `main.ts`, by name. A local backend's path is absolute: only its file name stays. */
export function everyStack(settings: Settings = noSettings): Map<string, TerraformJson> {
  const outdir = mkdtempSync(join(tmpdir(), "tollgate-synth-"));
  try {
    const whole = app({ outdir }, settings);
    whole.synth();
    const names = whole.node.children.filter((child) => "synthesizer" in child).map((child) => child.node.id);
    return new Map(names.map((name) => [name, readStack(join(outdir, "stacks", name, "cdk.tf.json"))]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** The digest of a function's code changes with every change to the code, not to the stack. */
function readStack(file: string): TerraformJson {
  const text = readFileSync(file, "utf8").replaceAll(/\b[0-9A-F]{32}\b/g, "DIGEST");
  return JSON.parse(text, (key, value: unknown) =>
    key === "path" && typeof value === "string" && value.endsWith(".tfstate") ? value.replace(/^.*[/\\]/, "") : value,
  );
}

/** One stack in an app of its own, synthesized. */
export function synthesized(build: (scope: App) => TerraformStack): TerraformJson {
  return JSON.parse(Testing.synth(build(Testing.app()), true));
}

/** The one resource of a type; throws where there is another number. */
export function only(json: TerraformJson, type: string): Record<string, unknown> {
  const [resource, ...more] = Object.values(json.resource[type] ?? {});
  if (resource === undefined || more.length > 0) throw new Error(`expected one ${type}`);
  return resource;
}
