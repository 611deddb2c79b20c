/** The shape of what `plan/` reads: plan or state JSON, typed and trusted in form, before anything is linked. */
import type { Apart } from "../kernel/stand-in";

/** JSON as `JSON.parse` gives it. Read members with `Object.hasOwn` in mind: keys come from strangers. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What a plan does with a resource; `open`, `renew` and `close` are of ephemeral ones.
 * https://developer.hashicorp.com/terraform/internals/json-format#change-representation
 */
export type Action = "no-op" | "create" | "read" | "update" | "delete" | "forget" | "open" | "renew" | "close";

/** What a resource instance is called, and what it is: all that plan and state JSON say of it begins with this. */
export interface ResourceHead {
  /** Absolute address of the instance, `module.a["x"].aws_s3_bucket.b[0]`. */
  readonly address: string;
  /** Absolute address of the module instance, `""` for the root module. */
  readonly module: string;
  /** `data` of what is only read. */
  readonly mode: "managed" | "data";
  readonly type: string;
  readonly name: string;
  /** Its instance key: a text of `for_each`, a number of `count`; absent without either. */
  readonly index?: string | number;
  /** Provider source address, `registry.terraform.io/hashicorp/aws`. */
  readonly provider: string;
}

/** One entry of `resource_changes` or `resource_drift`. */
export interface Change extends ResourceHead {
  readonly deposed?: string;
  readonly previousAddress?: string;
  readonly actions: readonly Action[];
  readonly actionReason?: string;
  readonly importing: boolean;
  /** `null` also where `wanted` is given, the resource is created or updated, and nothing of it is sensitive. */
  readonly before: Json;
  readonly after: Json;
  /** Mask of the same shape as `after`: `true` where the value is known after apply only. */
  readonly afterUnknown: Json;
  readonly beforeSensitive: Json;
  readonly afterSensitive: Json;
}

/** One resource of `planned_values`, `prior_state` or a state's `values`. */
export interface StateResource extends ResourceHead {
  readonly values: Json;
  readonly sensitive: Json;
}

/** Units that differ in their names only: all that stands under one instance key each, or in one module of the root. */
export interface Group {
  /** The number by which `standInFor` calls its names. */
  readonly number: number;
  /** The names of each unit, in the order of their places: its key first. */
  readonly members: readonly (readonly string[])[];
  /** Whether their keys are names of modules: then `Plan.configuration` has one call for them all. */
  readonly isOfModules: boolean;
}

/** Which units of a plan stand in it as one. */
export interface StandIns {
  readonly groups: readonly Group[];
  /** The same plan, in which some units stand each by itself. */
  without(apart: Apart): Plan;
}

/** What `terraform show -json` printed: of a plan file, or of a state. */
export interface Plan {
  readonly kind: "plan" | "state";
  readonly formatVersion: string;
  readonly terraformVersion?: string;
  /** RFC 3339 time at which the plan was made, where the plan says it. */
  readonly timestamp?: string;
  /** `false` for a plan made with `-target`; absent before Terraform 1.8. */
  readonly complete?: boolean;
  readonly variables: ReadonlyMap<string, Json>;
  /** `undefined` where the section is missing: a refresh-only plan has none. */
  readonly changes: readonly Change[] | undefined;
  readonly drift: readonly Change[];
  /** Only what `changes` can't tell: empty where the reader could skip the section. */
  readonly planned: readonly StateResource[];
  /** All of a state; of a plan at least the data sources, and managed resources that `changes` lacks. */
  readonly prior: readonly StateResource[];
  /** Where one stand-in in `changes`, `drift` and `prior` stands for many units; absent where all stand by themselves. */
  readonly standIns?: StandIns;
  /** Root of the `configuration` section: `{ provider_config, root_module }`, as JSON. */
  readonly configuration: Json;
}
