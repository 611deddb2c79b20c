/** Turns the bytes that `terraform show -json` printed into a Plan, keeping only what the rules need. */
import { InputError } from "../kernel/result";
import type { Apart } from "../kernel/stand-in";
import { byCall, withSharedCalls } from "./calls";
import { ConfigurationReader } from "./configuration";
import { detectKind, kindOfKeys, refusal } from "./detect";
import { utf8Chunks } from "./encoding";
import { isThere } from "./forms";
import type { Change, Json, Plan, StateResource } from "./plan";
import { Repetitions, type Section } from "./repetitions";
import { type Elements, Scanner, SKIP, type Visitor } from "./scan";
import { changeOf, identityOf, member, stateResourceOf, type Wanted } from "./shape";
import { type Builder, type Resources, withStandIns } from "./stand-ins";

/** What to keep of a plan. */
export interface ReadOptions {
  /**
   * Attributes to keep by resource type, or all of them. Of managed resources of other types only short texts, numbers
   * and booleans are kept; of other data sources everything. Left out: everything of every type is kept.
   */
  readonly wanted?: Wanted;
  /** Whether one stand-in may stand for many units that differ in their names only: see `Plan.standIns`. */
  readonly standIns?: boolean;
  /** Called now and then while units are told apart; may throw to end the work. */
  onStep?(): void;
}

/**
 * Reads plan or state JSON (https://developer.hashicorp.com/terraform/internals/json-format, format versions 0.1, 0.2
 * and 1.x) from a stream of bytes, in one pass and without ever holding the whole. A chunk may be reused as soon as the
 * next one is asked for. Throws {@link InputError}, one line without the input's name, for everything that isn't a
 * whole, valid plan or state: truncated, invalid, of another kind, of an unsupported version, or of a failed run.
 */
export function readPlan(chunks: Iterable<Uint8Array>, options: ReadOptions = {}): Plan {
  const reader = new PlanReader(options);
  const scanner = new Scanner(reader.root());
  let isFirst = true;
  for (const chunk of utf8Chunks(chunks)) {
    if (isFirst) refuseOtherKinds(chunk);
    isFirst = false;
    reader.begin(chunk);
    scanner.write(chunk);
  }
  if (isFirst) throw refusal("empty");
  scanner.end();
  return reader.plan();
}

/** Bytes of a plan in which hardly as many units repeat each other as one stands for. */
const FEW = 128 << 10;

/** Kinds that the first bytes give away, so that the error says what the input is and not which byte is wrong. */
function refuseOtherKinds(chunk: Uint8Array): void {
  const kind = detectKind(chunk.subarray(0, 4096));
  switch (kind) {
    case "plan":
    case "state":
      return;
    case "unknown-json":
      // an object may show what it is later on
      if (chunk.find((byte) => byte > 0x20) === 0x7b) return;
      throw refusal(kind);
    case "empty":
      // leading white space may fill the first bytes: the scanner decides
      return;
    default:
      throw refusal(kind);
  }
}

class PlanReader {
  private readonly keys: string[] = [];
  private readonly heads = new Map<string, Json>();
  private variables = new Map<string, Json>();
  private changes: Change[] | undefined;
  private readonly drift: Change[] = [];
  private readonly prior: StateResource[] = [];
  private changed: Set<string> | undefined;
  private hasPlanned = false;
  private readonly configuration = new ConfigurationReader();
  private readonly wanted: Wanted | undefined;
  private readonly onStep: (() => void) | undefined;
  private readonly repetitions: Repetitions | undefined;
  private bytes = 0;

  constructor({ wanted, standIns = false, onStep }: ReadOptions) {
    this.wanted = wanted;
    this.onStep = onStep;
    this.repetitions = standIns ? new Repetitions() : undefined;
  }

  /** To be told of each chunk before it is scanned. */
  begin(chunk: Uint8Array): void {
    this.bytes += chunk.length;
  }

  root(): Visitor {
    return { kind: "object", member: (key) => this.section(key) };
  }

  private section(key: string): Visitor {
    this.keys.push(key);
    switch (key) {
      case "format_version":
      case "terraform_version":
      case "timestamp":
      case "complete":
      case "errored":
        return { kind: "value", done: (value) => this.heads.set(key, value) };
      case "variables":
        return { kind: "object", member: (name) => this.variable(name) };
      case "resource_changes":
        return this.changesIn(key, (changes) => {
          this.changes ??= [];
          this.changes.push(...changes);
        });
      case "resource_drift":
        return this.changesIn(key, (changes) => this.drift.push(...changes));
      case "planned_values":
        return values(this.planned());
      case "prior_state":
        return { kind: "object", member: (name) => (name === "values" ? values(this.priorState()) : SKIP) };
      case "values":
        return values(this.collectPrior);
      case "configuration":
        return this.configuration.visitor();
      default:
        return SKIP;
    }
  }

  private variable(name: string): Visitor {
    return {
      kind: "value",
      done: (value) => {
        this.variables.set(name, member(value, "value") ?? null);
      },
    };
  }

  /** `planned_values` repeats what `resource_changes` says: all that matters is whether there is anything in it. */
  private planned(): Visitor {
    const notice = (): boolean => {
      this.hasPlanned = true;
      return true;
    };
    // what is handed over is one that has no form, or nothing where the list is empty
    const done = (values: readonly Json[]): boolean => values.length > 0 && notice();
    return this.repeating("planned_values", { kind: "elements", isNeedless: notice, done }, notice);
  }

  /** A list of changes, numbered in errors. */
  private changesIn(
    section: "resource_changes" | "resource_drift",
    collect: (changes: readonly Change[]) => void,
  ): Visitor {
    let index = 0;
    const read = (json: Json): Change => changeOf(json, this.wanted, () => `\`${section}[${index}]\``);
    const next = (count = 1): void => {
      index += count;
    };
    const done = (values: readonly Json[]): void => {
      const changes: Change[] = [];
      for (const value of values) {
        changes.push(read(value));
        next();
      }
      collect(changes);
    };
    return this.repeating(section, { kind: "elements", done }, read, next);
  }

  /**
   * A list whose elements may repeat each other, unless there are few: those that have a form are taken, after `check` has seen
   * the first one that has it. All others go the way of `visitor`.
   */
  private repeating(
    section: Section,
    visitor: Elements,
    check: (first: Json) => unknown,
    onTaken?: (count: number) => void,
  ): Visitor {
    const { repetitions } = this;
    if (repetitions === undefined || this.bytes < FEW) return visitor;
    return {
      ...visitor,
      take: (chunk, at) => {
        const { taken } = repetitions;
        const end = repetitions.take(section, chunk, at);
        if (end > 0) onTaken?.(repetitions.taken - taken);
        return end;
      },
      alone: (text) => {
        const value = JSON.parse(text);
        if (!repetitions.add(section, text, value)) return visitor.done([value]);
        check(value);
        onTaken?.(1);
      },
    };
  }

  private priorState(): Visitor {
    return this.repeating("prior_state", this.collectPrior, (value) =>
      stateResourceOf(value, this.wanted, () => "`prior_state`"),
    );
  }

  private readonly collectPrior: Elements = {
    kind: "elements",
    isNeedless: (chunk, at) => this.isTold(managedAddressAt(chunk, at)),
    done: (values) => {
      for (const value of values) this.collect(value);
    },
  };

  /** Keeps a resource, unless the changes have come already and tell all about it: Terraform writes them first. */
  private collect(value: Json): void {
    // a deposed object has the living one's address, which it must not take
    if (typeof member(value, "deposed_key") === "string") return;
    const where = (): string => `\`resources[${this.prior.length}]\``;
    if (this.changes !== undefined) {
      const { mode, address } = identityOf(value, where);
      if (mode === "managed" && this.isTold(address)) return;
    }
    this.prior.push(stateResourceOf(value, this.wanted, where));
  }

  /** Whether changes that have come already tell all about a managed resource. */
  private isTold(address: string | undefined): boolean {
    if (address === undefined || this.changes === undefined) return false;
    this.changed ??= addressesOf(this.changes);
    return this.changed.has(address);
  }

  plan(): Plan {
    const kind = this.kind();
    const formatVersion = this.formatVersion();
    if (this.heads.get("errored") === true)
      throw new InputError("the plan failed (`errored`): repair what `terraform plan` reports and plan again");
    if (kind === "plan" && this.changes === undefined && this.hasPlanned)
      throw new InputError(
        "the plan has `planned_values` but no `resource_changes`: give the unchanged output of `terraform show -json PLANFILE`",
      );
    const text = (key: string): string | undefined => {
      const value = this.heads.get(key);
      return typeof value === "string" ? value : undefined;
    };
    const terraformVersion = text("terraform_version");
    const timestamp = text("timestamp");
    const complete = this.heads.get("complete");
    return this.withResources({
      kind,
      formatVersion,
      ...(terraformVersion === undefined ? {} : { terraformVersion }),
      ...(timestamp === undefined ? {} : { timestamp }),
      ...(typeof complete === "boolean" ? { complete } : {}),
      variables: this.variables,
      planned: [],
      configuration: this.configuration.result(),
    });
  }

  private withResources(rest: Omit<Plan, keyof Resources>): Plan {
    // what follows is kept as long as the plan, the reader isn't
    const { changes, drift, prior, repetitions, wanted, onStep } = this;
    if (repetitions === undefined) return { ...rest, changes, drift, prior: neededPrior(rest.kind, changes, prior) };
    const alike = byCall(repetitions.alike(), rest.configuration);
    const builder: Builder = {
      onStep: () => onStep?.(),
      changes: (elements) => parsed(elements).map((json) => changeOf(json, wanted, () => "`resource_changes`")),
      resources: (elements) => parsed(elements).map((json) => stateResourceOf(json, wanted, () => "`prior_state`")),
    };
    const grouped = (apart: Apart): Plan => {
      const all = withStandIns({ changes: changes ?? [], drift, prior }, alike, rest.configuration, builder, apart);
      const { groups } = all;
      const known = changes === undefined ? undefined : all.changes;
      return {
        ...rest,
        configuration: withSharedCalls(rest.configuration, groups),
        changes: known,
        drift: all.drift,
        prior: neededPrior(rest.kind, known, all.prior),
        ...(groups.length === 0 ? {} : { standIns: { groups, without: (more) => grouped(both(apart, more)) } }),
      };
    };
    return grouped({ isGroup: () => changes === undefined });
  }

  private kind(): "plan" | "state" {
    const kind = kindOfKeys(this.keys);
    if (kind === "plan") {
      const hasSections = this.keys.some((key) => key !== "format_version" && kindOfKeys([key]) === "plan");
      // a state without resources is `{"format_version":"1.0"}`
      return hasSections ? "plan" : "state";
    }
    if (kind === "state") return "state";
    throw refusal(kind);
  }

  private formatVersion(): string {
    const version = this.heads.get("format_version");
    if (typeof version !== "string")
      throw new InputError("expected a `format_version`: give the unchanged output of `terraform show -json PLANFILE`");
    if (!/^(0\.[12]|1\.\d+)$/.test(version))
      throw new InputError(
        `expected format version 0.1, 0.2 or 1.x, found \`${version.slice(0, 20)}\`: use a Terraform that writes 1.x, or a newer Tollgate`,
      );
    return version;
  }
}

const [ADDRESS, MANAGED] = ['{"address":"', ',"mode":"managed"'].map((text) => Buffer.from(text));

/** The address of a managed resource as Terraform writes it; `undefined` for anything else, and where the chunk ends first. */
function managedAddressAt(chunk: Uint8Array, at: number): string | undefined {
  if (!ADDRESS || !MANAGED || !isThere(chunk, at, ADDRESS)) return undefined;
  const from = at + ADDRESS.length - 1;
  let end = from + 1;
  while (end < chunk.length && chunk[end] !== 0x22) end += chunk[end] === 0x5c ? 2 : 1;
  if (!isThere(chunk, ++end, MANAGED)) return undefined;
  try {
    const address: unknown = JSON.parse(Buffer.from(chunk.subarray(from, end)).toString("utf8"));
    return typeof address === "string" ? address : undefined;
  } catch {
    return undefined; // the scanner says what is wrong with it
  }
}

/** Data sources, and what `resource_changes` doesn't tell. */
function neededPrior(
  kind: Plan["kind"],
  changes: Plan["changes"],
  prior: readonly StateResource[],
): readonly StateResource[] {
  if (kind === "state" || changes === undefined || prior.length === 0) return prior;
  const changed = addressesOf(changes);
  return prior.filter((resource) => resource.mode === "data" || !changed.has(resource.address));
}

const both = (one: Apart, other: Apart): Apart => ({
  isGroup: (group) => one.isGroup(group) || other.isGroup(group),
  keys: new Set([...(one.keys ?? []), ...(other.keys ?? [])]),
});

/** The values of texts that have been read before. */
const parsed = (elements: readonly string[]): readonly Json[] => JSON.parse(`[${elements.join(",")}]`);

/** Addresses that changes speak of, before and after. */
function addressesOf(changes: readonly Change[]): Set<string> {
  const addresses = new Set<string>();
  for (const { address, previousAddress, deposed } of changes) {
    if (deposed !== undefined) continue;
    addresses.add(address);
    if (previousAddress !== undefined) addresses.add(previousAddress);
  }
  return addresses;
}

/** A `values` object: `resources` sees the list of the root module and of each module below it. */
function values(resources: Visitor): Visitor {
  return { kind: "object", member: (key) => (key === "root_module" ? moduleValues(resources) : SKIP) };
}

function moduleValues(resources: Visitor): Visitor {
  return {
    kind: "object",
    member: (key) => {
      if (key === "child_modules") return { kind: "list", element: () => moduleValues(resources) };
      return key === "resources" ? resources : SKIP;
    },
  };
}
