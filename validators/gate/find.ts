/** Turns the environment into the real Terraform's path: never our own, never in circles. */
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, isAbsolute, resolve } from "node:path";
import { InputError } from "../kernel/index";
import type { Environment } from "./child";

/** The real binary, found. */
export interface Terraform {
  /** Absolute path. */
  readonly path: string;
  /** How it was asked for: `terraform`, `tofu`, or what `TOLLGATE_TERRAFORM` says. */
  readonly name: string;
}

/** Names the variable that `tollgate-terraform` reads to find the real binary (help/threat-model.md). */
export const TERRAFORM_VARIABLE = "TOLLGATE_TERRAFORM";

/** How often this process tree has been through the wrapper; see {@link deeper}. */
const DEPTH_VARIABLE = "TOLLGATE_DEPTH";

/** A provisioner may call the wrapper once more, a loop calls it for ever. */
const DEEPEST = 5;

/** What to do where there is no Terraform. */
export const HOW_TO_GET_IT =
  "install Terraform (https://developer.hashicorp.com/terraform/install) or OpenTofu (https://opentofu.org/docs/intro/install), " +
  `or name it with \`${TERRAFORM_VARIABLE}\``;

/**
 * The real binary: what `TOLLGATE_TERRAFORM` names, else `terraform`, else `tofu` in `PATH`. A candidate that is
 * Tollgate itself (a symlink called `terraform` to the wrapper) is passed over in `PATH`, and refused where it was named.
 * `ourselves`: paths that are us, default the running script.
 * @throws InputError when there is none, saying how to get it.
 */
export function findTerraform(
  env: Environment = process.env,
  cwd: string = process.cwd(),
  ourselves: readonly string[] = process.argv[1] === undefined ? [] : [process.argv[1]],
): Terraform {
  const own = new Set(ourselves.map(realPath));
  const named = env[TERRAFORM_VARIABLE];
  if (named !== undefined && named !== "") {
    const path = hasDirectory(named) ? executable(resolve(cwd, named)) : inPath(named, env, cwd, new Set());
    if (path === undefined)
      throw new InputError(
        `\`${TERRAFORM_VARIABLE}\`: expected the path or name of terraform or tofu, found \`${named}\`, which is no executable file`,
      );
    if (isOurs(path, own))
      throw new InputError(
        `\`${TERRAFORM_VARIABLE}\`: expected the real terraform, found \`${named}\`, which is tollgate-terraform itself`,
      );
    return { path, name: named };
  }
  for (const name of ["terraform", "tofu"]) {
    const path = inPath(name, env, cwd, own);
    if (path !== undefined) return { path, name };
  }
  throw new InputError(`expected \`terraform\` or \`tofu\` in PATH, found neither: ${HOW_TO_GET_IT}`);
}

/**
 * The environment for a child that the wrapper starts, one level deeper.
 * @throws InputError when the wrapper keeps meeting itself, for example behind a script called `terraform`.
 */
export function deeper(env: Environment): Record<string, string | undefined> {
  const depth = Number(env[DEPTH_VARIABLE] ?? "0");
  if (!(depth < DEEPEST))
    throw new InputError(
      `tollgate-terraform was started by itself ${DEEPEST} times over: name the real binary with \`${TERRAFORM_VARIABLE}\``,
    );
  return { ...env, [DEPTH_VARIABLE]: String(depth + 1) };
}

const hasDirectory = (name: string): boolean => isAbsolute(name) || name.includes("/") || name.includes("\\");

function inPath(name: string, env: Environment, cwd: string, own: ReadonlySet<string>): string | undefined {
  for (const folder of (env.PATH ?? env.Path ?? "").split(delimiter)) {
    const found = executable(resolve(cwd, folder === "" ? "." : folder, name));
    if (found !== undefined && !isOurs(found, own)) return found;
  }
  return undefined;
}

function executable(path: string): string | undefined {
  for (const candidate of process.platform === "win32" ? [path, `${path}.exe`] : [path]) {
    try {
      accessSync(candidate, constants.X_OK);
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // Not this one: the caller says when none is left.
    }
  }
  return undefined;
}

/** Whether a candidate is one of us: the same file, or one that npm linked or wrapped under our name. */
function isOurs(path: string, own: ReadonlySet<string>): boolean {
  const real = realPath(path);
  return own.has(real) || /(?:^|[/\\])tollgate-terraform(?:\.cjs|\.ts|\.cmd|\.ps1)?$/.test(real);
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
