/** Turns a plan into which program made it, and the files of a folder into those that this program reads. */
import { InputError } from "./kernel/index";
import { isObject, type Json, member, type Plan } from "./plan/index";
import { fromHcl, isAlike, type SourceFiles, withoutTofu } from "./source/index";

/** Where each program looks for a provider that names no registry (https://opentofu.org/docs/language/providers/requirements/). */
const REGISTRIES = { terraform: "registry.terraform.io/", tofu: "registry.opentofu.org/" } as const;

/**
 * The files that count for a plan, or for a folder without one: Terraform reads no `.tofu` files, OpenTofu takes `a.tofu` in
 * place of `a.tf`. Where nobody can tell which of the two it is, both readings must say the same.
 * @throws InputError where they don't: one of them would hide what the other one applies.
 */
export function filesFor(plan: Plan | undefined, files: SourceFiles): SourceFiles {
  const plain = withoutTofu(files);
  if (plain.size === files.size) return files;
  const program = plan === undefined ? undefined : madeBy(plan, files);
  if (program !== undefined) return program === "terraform" ? plain : files;
  const folders = (of: SourceFiles, ends: RegExp): ReadonlySet<string> =>
    new Set([...of.keys()].filter((path) => ends.test(path)).map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
  const terraformed = folders(plain, /\.tf(?:\.json)?$/);
  const differs = [...folders(files, /\.tofu(?:\.json)?$/)].some((folder) => {
    // a root without `.tf` files is nothing that Terraform could plan
    if (folder === "" && !terraformed.has("")) return false;
    const directory = folder.slice(0, -1);
    return !isAlike(fromHcl(plain, directory), fromHcl(files, directory));
  });
  if (!differs) return files;
  throw new InputError(
    "expected files that Terraform and OpenTofu read alike, found `.tofu` files that say something else: judge a plan, whose providers tell which of the two made it",
  );
}

/** By its providers' registry, unless the code itself names registries: then that tells nothing. */
function madeBy(plan: Plan, files: SourceFiles): keyof typeof REGISTRIES | undefined {
  const names = [...providersOf(plan)];
  const [isTerraform, isTofu] = [REGISTRIES.terraform, REGISTRIES.tofu].map((registry) =>
    names.some((name) => name.startsWith(registry)),
  );
  const isNamed = [...files].some(
    ([path, text]) => !path.endsWith("modules.json") && /"registry\.(?:terraform\.io|opentofu\.org)\//.test(text),
  );
  if (isNamed || isTerraform === isTofu) return undefined;
  return isTerraform ? "terraform" : "tofu";
}

function* providersOf({ changes = [], planned, configuration }: Plan): Generator<string> {
  for (const { provider } of [...changes, ...planned]) yield provider;
  const configured: Json | undefined = member(configuration, "provider_config");
  for (const one of isObject(configured) ? Object.values(configured) : []) {
    const name = member(one, "full_name");
    if (typeof name === "string") yield name;
  }
}
