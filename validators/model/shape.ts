/** What the parts of the model know of each other: the world, its modules and its instances. */
import type { Text, Unknown, Value, ValueMap } from "../kernel/value";
import type { Change, Json, ResourceHead } from "../plan/index";
import type {
  Allowance,
  Expression,
  Guard,
  Instances,
  Module,
  ModuleCall,
  ReadableFiles,
  Repetition,
  Resource,
  Scope,
  Secrets,
} from "../source/index";
import type { Home } from "./graph";

/** Where a world is told from. */
export type WorldKind = "plan" | "state" | "configuration";

/** What a plan or state says of an instance. */
export interface Planned {
  readonly values: Json;
  /** Mask of the values: `true` where they are known after apply only. */
  readonly unknown: Json;
  readonly sensitive: Json;
  /** Whether the plan creates it: then whatever is known was set by somebody. */
  readonly isNew: boolean;
}

/** A resource or data source instance after apply. */
export interface Instance extends Omit<ResourceHead, "module"> {
  /** Source address of the provider; `""` where only the configuration is known. */
  readonly provider: string;
  readonly module: ModuleInstance;
  /** Absent where the configuration alone is judged. */
  readonly planned?: Planned;
  readonly config?: Resource;
  /** Whether it stands for many that differ in their names only: for what the plan's `standIns` tell. */
  readonly standsIn?: boolean;
  /** Why it may not exist at all: its `count` or `for_each` can't be told. */
  readonly doubt?: { readonly value: string; readonly expression?: string };
}

/** One instance of a module: its configuration, its place, and what its expressions can refer to. */
export interface ModuleInstance extends Scope {
  readonly world: World;
  /** Absolute path, `""` for the root. */
  readonly path: string;
  readonly config: Module | undefined;
  readonly parent: ModuleInstance | undefined;
  readonly call: ModuleCall | undefined;
  /** Text files that expressions may read. */
  readonly files: ReadableFiles;
  /** The instance key of this module instance. */
  readonly key: string | number | undefined;
  /** An address or reference of this module as one of the whole. */
  absolute(relative: string): string;
  /** The module's outputs by name. */
  outputs(): ValueMap;
  /** The instances of a resource or call of this module, by its configuration. */
  repetition(of: Repetition, where: string): Instances;
  /** Says that what is evaluated looks at what a repetition is made of. */
  touchRepetition(of: Repetition): void;
}

/** Reads attributes of instances. */
export interface Attributes {
  /** An attribute as an expression sees it: what nobody set and AWS computes is a symbol or unknown, never absent. */
  valueOf(instance: Instance, name: string): Value;
  /** What somebody set an attribute to; `null` where nobody did, whatever AWS makes of it. */
  setting(instance: Instance, name: string): Value;
  /** Whether somebody set an attribute or block, as far as configuration and plan tell. */
  isSet(instance: Instance, name: string): boolean;
  /** What the configuration says of an argument or nested block; `undefined` where it says nothing. */
  configured(instance: Instance, name: string): Value | undefined;
  /** The configuration where it shows everything, else the plan, which has dynamic blocks expanded. */
  configuredFirst(instance: Instance, name: string): Value;
  /** The text of a `policy` argument; `null` where nothing is set. */
  policy(instance: Instance): string | Text | Unknown | null;
  /** An argument that is an ARN. */
  principal(instance: Instance, name: string): Value;
  /** The expression of an argument. */
  expression(instance: Instance, name: string): Expression | undefined;
  /** Expressions of an argument inside nested blocks: `["rule", "apply", "kms_master_key_id"]`. */
  expressionsAt(instance: Instance, path: readonly string[]): Expression[];
}

/** What is sensitive of a world. */
export interface Sensitivities extends Secrets {
  /** Whether an attribute of an instance is sensitive, in whole or in part. */
  has(instance: Instance, name: string): boolean;
  /** The sensitive texts that evaluation has come by so far. */
  texts(): Iterable<string>;
}

/** Homes of instances by their provider configurations. */
export interface Homes {
  /** Where an instance lives. */
  of(instance: Instance): Home;
  /** The canonical user id of the account behind an instance's provider. */
  canonicalUser(instance: Instance): Text | string;
  /** One name for each provider configuration: `aws`, `aws.west`, `module.a:aws`. */
  providerKey(instance: Instance): string;
}

/** What looks on in a world with stand-ins. */
export interface WorldGuard extends Guard {
  /** A variable has got its value: `isOutside` where no module's argument gave it. */
  variable(value: Value, isOutside: boolean, where: string): void;
}

/** Everything that exists after apply, and the expressions behind it. */
export interface World {
  readonly kind: WorldKind;
  /** Text files that expressions may read. */
  readonly files: ReadableFiles;
  readonly root: ModuleInstance;
  readonly attributes: Attributes;
  readonly sensitivity: Sensitivities;
  readonly homes: Homes;
  /** What all expressions may cost together. */
  readonly allowance: Allowance;
  /** Whether every instance of every resource is known: not with `-target`. */
  readonly isComplete: boolean;
  /** What looks on while something of a stand-in is evaluated, or of anything else; absent where there are no stand-ins. */
  guard(ofStandIn: boolean): WorldGuard | undefined;
  /** What `each.value` is of a stand-in, by the repetition of a module: it may differ from instance to instance in names only. */
  sharedValue(module: ModuleInstance, of: Repetition | undefined, key: string): Value;
  /** Whether any of a list's instances stands for many. */
  isAnyStandIn(instances: readonly (Instance | ModuleInstance)[]): boolean;
  /** Managed instances that exist after apply. */
  readonly managed: readonly Instance[];
  /** Module instances whose code was not read: only configuration alone has them. */
  readonly unread: readonly ModuleInstance[];
  /** What the plan takes away. */
  readonly gone: readonly Change[];
  /** The instances of a resource or data source, by module and address without instance key; `undefined` if there are none. */
  instancesAt(module: ModuleInstance, base: string): readonly Instance[] | undefined;
  /** The resources and data sources of a module that have instances, one instance of each. */
  examplesIn(module: ModuleInstance): Iterable<Instance>;
  /** Every instance, managed and data. */
  instances(): Iterable<Instance>;
  /** The value of an instance as expressions see it. */
  valueOf(instance: Instance): ValueMap;
  /** What the plan was given for a variable of the root module; `undefined` where nothing is known of it. */
  rootVariable(name: string): Value | undefined;
  /** The value of an expression; one that shows only what it mentions stays unknown. */
  evaluate(expression: Expression, scope: Scope, where: string): Value;
  /** The instances of a module call; `undefined` where their keys can't be told. */
  childrenOf(module: ModuleInstance, call: string): readonly ModuleInstance[] | undefined;
  /** A module instance that has been placed. */
  module(path: string): ModuleInstance | undefined;
  /** Lets go of values that can be computed again, once there are many. Call it between instances, where nothing waits for a value. */
  rest(): void;
  /** Notes that a module keeps what its names stand for, until the next {@link rest}. */
  noteLookups(module: { forget(): void }): void;
  /** Whether a block that the provider also computes was declared; a state doesn't show: there `fallback` decides. */
  isDeclared(instance: Instance, name: string, fallback: boolean): boolean;
}
