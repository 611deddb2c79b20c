/** Turns a small real plan into one of any size: the same form, more units, in constant memory. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** How a unit's resources are written: `for_each` on each, one module with `for_each`, a module block per unit. */
export const LAYOUTS = ["flat", "module", "calls"] as const;
/** One of {@link LAYOUTS}; part of a seed's name. */
export type Layout = (typeof LAYOUTS)[number];
/** What the plan does: everything is new, nothing changes, or one unit in a hundred is new and another one changes. */
export const ACTIONS = ["create", "no-op", "mixed"] as const;
/** One of {@link ACTIONS}; part of a seed's name. */
export type Action = (typeof ACTIONS)[number];

/** Managed resources of one unit: bucket, access block, encryption, policy, key, alias. */
export const RESOURCES_PER_UNIT = 6;
/** Results of one unit: six rules about its bucket, two about its key. */
export const RESULTS_PER_UNIT = 8;

/** The name of a seed below `bench/seeds`. */
export const seedFile = (layout: Layout, action: Action): string => `fixtures/${layout}-${action}.json`;
/** The name of the unit with a number, from 1: one width, so that they sort as numbers do. */
export const unitName = (unit: number): string => `unit-${String(unit).padStart(7, "0")}`;

/** What to make. */
export interface Growth {
  readonly layout: Layout;
  readonly action: Action;
  readonly units: number;
  /** So many units, the first ones, have a public access block without `block_public_policy`: one `fail` each. Default 0. */
  readonly violations?: number;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A piece of the seed that speaks of exactly one unit. */
interface Template {
  /** The number of the seed's unit. */
  readonly unit: number;
  /** The text without the unit: equal for the same piece of another unit. */
  readonly form: string;
  /** The text, cut where the unit's name or one of its UUIDs stands. */
  readonly cuts: readonly string[];
  /** What stands between the cuts: `-1` for the name, else which UUID. */
  readonly fillings: readonly number[];
}

const UNIT = /unit-(\d{7})/g;
const VARYING = /unit-\d{7}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Units of a seed; see `record.ts`. */
const SEED_UNITS = 3;

/** Which unit of the seed a unit is like: in `mixed`, the first is changed, the second new, the third stays. */
function kindOf(unit: number, action: Action): number {
  if (action !== "mixed") return ((unit - 1) % SEED_UNITS) + 1;
  const place = (unit - 1) % 100;
  return place < 2 ? place + 1 : SEED_UNITS;
}

/** The plan's text, piece by piece. The same growth gives the same bytes. */
export function* grown(growth: Growth): Generator<string> {
  const seed: Json = JSON.parse(readFileSync(join(__dirname, "seeds", seedFile(growth.layout, growth.action)), "utf8"));
  yield* new Grower(growth, uuidsOf(seed)).emit(seed);
  yield "\n";
}

/** The UUIDs of each of the seed's units, in their order: pieces of a unit must agree about them. */
function uuidsOf(seed: Json): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  const byUnit = new Map<number, Set<string>>();
  const visit = (json: Json): void => {
    const text = JSON.stringify(json);
    const units = unitsIn(text);
    const [unit] = units;
    if (units.size === 1 && unit !== undefined) {
      const known = byUnit.get(unit) ?? new Set();
      byUnit.set(unit, known);
      for (const [uuid] of text.matchAll(VARYING)) if (!uuid.startsWith("unit-")) known.add(uuid);
    } else if (typeof json === "object" && json !== null) Object.values(json).forEach(visit);
  };
  visit(seed);
  for (const uuids of byUnit.values()) for (const [place, uuid] of [...uuids].entries()) numbers.set(uuid, place);
  return numbers;
}

const unitsIn = (text: string): Set<number> => new Set([...text.matchAll(UNIT)].map(([, unit]) => Number(unit)));

class Grower {
  constructor(
    private readonly growth: Growth,
    private readonly uuids: ReadonlyMap<string, number>,
  ) {}

  *emit(json: Json): Generator<string> {
    if (typeof json !== "object" || json === null) {
      yield JSON.stringify(json);
      return;
    }
    const isList = Array.isArray(json);
    const entries = Object.entries(json).map(([key, value]): [string, Json] => [
      isList ? "" : `${JSON.stringify(key)}:`,
      value,
    ]);
    yield isList ? "[" : "{";
    let comma = "";
    let run: Template[] = [];
    for (const [prefix, value] of entries) {
      const text = prefix + JSON.stringify(value);
      const units = unitsIn(text);
      if (units.size === 1) {
        run.push(this.template(text));
        continue;
      }
      if (run.length > 0) {
        yield* this.grow(run, comma);
        comma = ",";
        run = [];
      }
      yield comma + prefix;
      comma = ",";
      if (units.size === 0) yield JSON.stringify(value);
      else yield* this.emit(value);
    }
    if (run.length > 0) yield* this.grow(run, comma);
    yield isList ? "]" : "}";
  }

  private template(text: string): Template {
    const fillings: number[] = [];
    let unit = 0;
    for (const [found] of text.matchAll(VARYING)) {
      if (found.startsWith("unit-")) unit = Number(found.slice(5));
      fillings.push(found.startsWith("unit-") ? -1 : (this.uuids.get(found) ?? 0));
    }
    const head = /^"?[^{]*\{"(?:address|resource)":"(?:[^"\\]|\\.)*"/.exec(text)?.[0] ?? text;
    return { unit, form: head.replace(VARYING, "*"), cuts: text.split(VARYING), fillings };
  }

  /** All units' pieces in place of the seed's: piece by piece of every unit, or unit by unit, as the seed has them. */
  private *grow(run: readonly Template[], comma: string): Generator<string> {
    const [first, second] = run;
    const isByPiece = first?.form === second?.form && first?.unit !== second?.unit;
    const forms = isByPiece ? [...new Set(run.map(({ form }) => form))] : [undefined];
    let before = comma;
    for (const form of forms) {
      const pieces = run.filter((piece) => form === undefined || piece.form === form);
      const byKind = new Map<number, Template[]>();
      for (const piece of pieces) byKind.set(piece.unit, [...(byKind.get(piece.unit) ?? []), piece]);
      for (let unit = 1; unit <= this.growth.units; unit++)
        for (const piece of byKind.get(kindOf(unit, this.growth.action)) ?? []) {
          yield before + this.fill(piece, unit);
          before = ",";
        }
    }
  }

  private fill({ cuts, fillings }: Template, unit: number): string {
    const name = unitName(unit);
    let text = cuts[0] ?? "";
    fillings.forEach((filling, place) => {
      text += (filling < 0 ? name : uuid(unit, filling)) + (cuts[place + 1] ?? "");
    });
    return unit <= (this.growth.violations ?? 0)
      ? text.replaceAll('"block_public_policy":true', '"block_public_policy":false')
      : text;
  }
}

/** A UUID that nothing else has. */
const uuid = (unit: number, place: number): string =>
  `${String(place).padStart(8, "0")}-0000-4000-8000-${String(unit).padStart(12, "0")}`;
