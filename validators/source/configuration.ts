/** Turns Terraform configuration of any origin into one shape: modules, what stands in them, and unevaluated expressions. */
import type { Json } from "../plan/plan";
import type { ReadableFiles } from "./readable-files";

/** Where something stands in the user's code. `line` counts from 1; absent where the origin has no lines. */
export interface Position {
  readonly file: string;
  readonly line?: number;
}

/**
 * An expression, not evaluated yet.
 * - `constant`: JSON taken literally.
 * - `json`: JSON-syntax expression: every string in it (object keys too) is a template (`cdk.tf.json`, plan JSON made from it).
 * - `hcl`: the source text of a native expression.
 * - `references`: only what the expression mentions, longest first, with prefixes (plan JSON made from native HCL).
 */
export type Expression =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "json"; readonly value: Json; readonly position?: Position }
  | { readonly kind: "hcl"; readonly text: string; readonly position?: Position }
  | { readonly kind: "references"; readonly references: readonly string[] };

/** The inside of a block. An argument of JSON syntax may in truth be a nested block: `evaluateBody` gives both as maps. */
export interface Body {
  readonly arguments: ReadonlyMap<string, Expression>;
  readonly blocks: readonly Block[];
  /** `false` where dynamic blocks may be missing: plan JSON does not show those of native HCL. */
  readonly complete: boolean;
}

/** A nested block. `dynamic` where it is repeated by an expression: then the body is its `content`. */
export interface Block {
  readonly type: string;
  readonly body: Body;
  readonly dynamic?: { readonly forEach: Expression; readonly iterator: string };
  readonly position?: Position;
}

/** How often a resource or module call exists. At most one of the two is set. */
export interface Repetition {
  readonly count?: Expression;
  readonly forEach?: Expression;
}

/** A resource or data source as configured; all its instances share it. */
export interface Resource extends Repetition {
  readonly mode: "managed" | "data" | "ephemeral";
  readonly type: string;
  readonly name: string;
  /** Address within its module without instance key: `aws_s3_bucket.b`, `data.aws_region.r`. */
  readonly address: string;
  /**
   * Provider configuration: `aws` or `aws.west` as the module itself writes it. From plan JSON it is the
   * configuration it resolves to, `aws`, `aws.west` or `module.a:aws` (see `Provider.key`).
   */
  readonly provider: string;
  readonly body: Body;
  readonly lifecycle: {
    readonly preventDestroy?: Expression;
    /** Attribute names, or `all`. */
    readonly ignoreChanges: readonly string[];
  };
  readonly position?: Position;
  /** CDKTF construct path, from the `"//"` metadata. */
  readonly construct?: string;
}

/** An input variable. `default` is absent where it must be given. */
export interface Variable {
  readonly name: string;
  readonly default?: Expression;
  /** What a `terraform.tfvars` or `*.auto.tfvars` file beside the root module sets it to. */
  readonly assigned?: Expression;
  /** The type constraint as source text: `set(string)`; absent where unknown. */
  readonly type?: string;
  /** Whether its type and `nullable` are not known: plan JSON has neither. */
  readonly isUntold?: boolean;
  readonly nullable: boolean;
  readonly sensitive: boolean;
  readonly ephemeral: boolean;
}

/** An `output` block of a module, which the module that calls it sees as `module.NAME.OUTPUT`. */
export interface Output {
  readonly name: string;
  readonly value: Expression;
  readonly sensitive: boolean;
}

/** A call of a child module. */
export interface ModuleCall extends Repetition {
  readonly name: string;
  readonly source: string;
  readonly arguments: ReadonlyMap<string, Expression>;
  /** Provider configurations handed down: child's name -> parent's name (`aws` -> `aws.west`). */
  readonly providers: ReadonlyMap<string, string>;
  /** The child's configuration, where it is known. */
  readonly module?: Module;
  readonly position?: Position;
  readonly construct?: string;
}

/** A provider configuration. */
export interface Provider {
  /** `aws`, `aws.west`; in a child module of plan JSON `module.a:aws`. */
  readonly key: string;
  /** `aws`. */
  readonly name: string;
  readonly alias?: string;
  /** `region`, `allowed_account_ids`, `assume_role`, … */
  readonly body: Body;
  readonly position?: Position;
}

/** A `moved`, `import` or `removed` block. */
export interface Refactoring {
  readonly kind: "moved" | "import" | "removed";
  /** Address as written: of `moved` and `removed`. */
  readonly from?: string;
  /** Address as written: of `moved` and `import`. */
  readonly to?: string;
  /** `id` of an `import`. */
  readonly id?: Expression;
  readonly forEach?: Expression;
  /** `false` where `removed` keeps the object (`lifecycle { destroy = false }`). */
  readonly destroys: boolean;
  readonly position?: Position;
}

/** One module's configuration. */
export interface Module {
  /** By address: `aws_s3_bucket.b`, `data.aws_iam_policy_document.d`. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly locals: ReadonlyMap<string, Expression>;
  readonly variables: ReadonlyMap<string, Variable>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly calls: ReadonlyMap<string, ModuleCall>;
  /** By `Provider.key`. */
  readonly providers: ReadonlyMap<string, Provider>;
  readonly refactorings: readonly Refactoring[];
  /** Whether the source was read (locals are complete), or only plan JSON. */
  readonly hasSource: boolean;
  /** Directory of the module's files, as `path.module` shows it (`.`, `./modules/bucket`); absent where unknown. */
  readonly directory?: string;
  /** Of a root module read from files: what its expressions, and those of all modules, may read. */
  readonly files?: ReadableFiles;
}

/** A module and all below it, each once: calls of one module share it. */
export function modulesIn(root: Module | undefined): ReadonlySet<Module> {
  const found = new Set(root === undefined ? [] : [root]);
  for (const module of found) for (const call of module.calls.values()) if (call.module) found.add(call.module);
  return found;
}
