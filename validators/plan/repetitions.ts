/** Turns elements that repeat each other under many instance keys into forms and the names that fill them. */
import { hasStandIn, type NameKind } from "../kernel/stand-in";
import { asBuffer, Form, isKey, placeAt, ROW } from "./forms";
import type { Json } from "./plan";
import { member } from "./shape";

/** A list of a plan; `planned_values` only repeats what changes say, so its elements are taken and forgotten. */
export type Section = "resource_changes" | "resource_drift" | "prior_state" | "planned_values";

/** More forms of one resource than a plan has where instances repeat each other. */
const MOST_FORMS = 8;
/** Elements without a form after which none is looked for. */
const MOST_MISSES = 64;
/** More forms than numbers of them have room for, and more characters than are kept of them all. */
const MOST_KNOWN = 0x10000;
const MOST_CHARACTERS = 4 << 20;

/** As many forms are kept in any case; more, if each has been met so often. */
const MANY = 256;
const WORTH = 4;
/** Forms of a unit among which a change is looked for, and units of which these are kept. */
const MOST_TOLD = 256;
/** No state, not even that of a unit that has no element yet. */
const NOWHERE = -2;
const COMMA = 0x2c;
/** Bytes in which an address ends, or is longer than people write. */
const LONGEST_ADDRESS = 1024;

/** A form, and which of a unit's names fill it. */
export interface Element {
  readonly section: Section;
  readonly form: Form;
  readonly places: readonly number[];
}

/** A call of a module: JSON with a hole in place of the name by which it goes, but for the module, which is as it is. */
export interface SharedCall {
  readonly text: string;
  readonly module: Json;
}

/**
 * Units that differ in their names only: their key, UUIDs, hashes. A unit is all that stands under one instance key, or in one
 * module of the root.
 */
export interface Alike {
  readonly elements: readonly Element[];
  /** What each name is: the key first. */
  readonly kinds: readonly NameKind[];
  /** The names of each unit. */
  readonly members: readonly (readonly string[])[];
  /** How their modules are called, where units are modules. */
  readonly call?: SharedCall;
}

/** A form, and where elements of it stand. */
interface Known {
  readonly id: number;
  readonly section: Section;
  /** Their address without the key. */
  readonly base: string;
  readonly form: Form;
  readonly isManaged: boolean;
  /** The form that followed when it was last met: elements come in rounds. */
  next: Known | undefined;
  /** The state that an element of it led to when it was last met, and the one before. */
  from: number;
  to: number;
}

/** The forms of a resource's elements, and how many elements in a row had none of them. */
interface Forms {
  readonly all: Known[];
  misses: number;
}

/** An instance key or module, and the state to which all elements under it lead. */
interface Unit {
  readonly key: string;
  /** Where its key's bytes begin among those of all. */
  readonly at: number;
  /** The unit that came after it when it was last met: elements come in rounds. */
  next: Unit | undefined;
  /** In how many bytes at its end that one's key differs. */
  changed: number;
  state: number;
  /** Its other names, element by element. */
  readonly names: string[];
}

/** The last form of a unit so far, and the state before it: units that begin alike share their beginning. */
interface State {
  readonly before: number;
  readonly known: Known;
}

/** The bytes of keys, one after the other. */
class Keys {
  bytes = Buffer.alloc(1 << 12);
  private length = 0;

  /** Where the bytes of the key begin. */
  push(key: string): number {
    const at = this.length;
    this.length += key.length;
    if (this.length > this.bytes.length) this.bytes = Buffer.concat([this.bytes], 2 * this.length);
    this.bytes.write(key, at, "latin1");
    return at;
  }
}

/** Takes elements by their forms while a plan is read. */
export class Repetitions {
  /** How many elements have been taken. */
  taken = 0;
  private readonly forms = new Map<string, Forms>();
  private readonly units = new Map<string, Unit>();
  private readonly keys = new Keys();
  private readonly states: State[] = [];
  private readonly steps = new Map<number, number>();
  private readonly told = new Map<number, ReadonlySet<string>>();
  private last: Known | undefined;
  private lastUnit: Unit | undefined;
  /** Whether the last element was of another unit than the one before it. */
  private isNext = false;
  /** The last row: its units, where their keys end, its last unit, and in how many bytes at their ends these keys differ. */
  private readonly row = { units: [] as Unit[], ends: [] as number[], last: undefined as Unit | undefined, changed: 0 };
  private count = 0;
  private characters = 0;

  /**
   * The end of the element that begins at a byte, where it has a form that is known: then it is taken, with those that follow
   * and are what was to be expected. 0 where it may have a form of its own: its text is to be given to {@link add}. -1 for any
   * other.
   */
  take(section: Section, chunk: Uint8Array, at: number): number {
    const bytes = asBuffer(chunk);
    let end = this.takeOne(section, bytes, at);
    let untilRow = 0;
    while (end > 0 && bytes[end] === COMMA) {
      const next = untilRow === 0 ? this.takeRow(section, bytes, end + 1) : -1;
      untilRow = next > 0 ? 0 : (untilRow || ROW) - 1;
      const last = next > 0 ? next : this.takeLikely(section, bytes, end + 1);
      if (last < 0) break;
      end = last;
    }
    return end;
  }

  /** The end of a row of elements that begins at a byte, where form and keys are all to be expected; else -1. */
  private takeRow(section: Section, bytes: Buffer, at: number): number {
    const { last, lastUnit, row } = this;
    if (last === undefined || last.next !== last || last.section !== section || lastUnit === undefined) return -1;
    // what may be a key may not be a module
    if (last.form.kinds[0] === "module") return -1;
    const { length } = lastUnit.key;
    let changed = 0;
    let unit: Unit = lastUnit;
    for (let i = 0; i < ROW; i++) {
      if (unit.next === undefined || unit.next.key.length !== length) return -1;
      changed = Math.max(changed, unit.changed);
      unit = unit.next;
      row.units[i] = unit;
      row.ends[i] = unit.at + length;
    }
    const follows = row.last === lastUnit;
    const most = follows ? Math.max(changed, row.changed) : length;
    const step = last.form.hasLength(length) ? last.form.matchRow(bytes, at, this.keys.bytes, row.ends, most) : 0;
    if (step === 0) return -1;
    row.last = this.lastUnit = unit;
    row.changed = changed;
    this.taken += ROW;
    if (section !== "planned_values")
      for (let i = 0; i < ROW; i++) {
        if (last.form.hasOthers) last.form.goTo(at + i * step);
        this.noteOf(last, row.units[i] ?? unit, bytes);
      }
    return at + ROW * step - 1;
  }

  /** The end of the element that begins at a byte, where it has the form that is to be expected; else -1. */
  private takeLikely(section: Section, bytes: Buffer, at: number): number {
    const likely = this.last?.next;
    return likely?.section === section ? this.fits(likely, bytes, at) : -1;
  }

  private takeOne(section: Section, bytes: Buffer, at: number): number {
    const likely = this.takeLikely(section, bytes, at);
    if (likely > 0) return likely;
    const place = placeAt(bytes, at);
    // its address may go on in the next chunk
    if (place === undefined) return bytes.length - at < LONGEST_ADDRESS && this.count > 0 ? 0 : -1;
    const forms = this.forms.get(`${section} ${place.base}`);
    if (forms === undefined) return this.hasRoom() ? 0 : -1;
    if (forms.misses > MOST_MISSES) return -1;
    for (const known of forms.all) {
      const end = this.fits(known, bytes, at);
      if (end < 0) continue;
      forms.misses = 0;
      return end;
    }
    if (forms.all.length < MOST_FORMS && this.hasRoom()) return 0;
    forms.misses++;
    return -1;
  }

  /** Takes the text of an element, by a form that is known or a new one; false where it can't have one. */
  add(section: Section, element: string, json: Json): boolean {
    const bytes = Buffer.from(element);
    const place = placeAt(bytes, 0);
    // a deposed object has the living one's address
    if (place === undefined || hasStandIn(element) || member(json, "deposed_key") !== undefined) return false;
    const forms = this.formsAt(section, place.base);
    if (forms.all.some((known) => this.fits(known, bytes, 0) === bytes.length)) return true;
    if (forms.all.length >= MOST_FORMS || !this.hasRoom(element.length)) return false;
    const form = Form.of(element, place, isDocument(json));
    if (form === undefined) return false;
    const isManaged = member(json, "mode") === "managed";
    const known: Known = {
      id: this.count,
      section,
      base: place.base,
      form,
      isManaged,
      next: undefined,
      from: NOWHERE,
      to: NOWHERE,
    };
    if (this.fits(known, bytes, 0) !== bytes.length) return false;
    this.count++;
    this.characters += element.length;
    forms.all.push(known);
    return true;
  }

  /** Whether one more form is worth its cost: where few elements repeat each other, none is. */
  private hasRoom(characters = 0): boolean {
    const isWorthIt = this.count < MANY || this.taken > WORTH * this.count;
    return isWorthIt && this.count < MOST_KNOWN && this.characters + characters <= MOST_CHARACTERS;
  }

  private formsAt(section: Section, base: string): Forms {
    const name = `${section} ${base}`;
    const forms = this.forms.get(name) ?? { all: [], misses: 0 };
    this.forms.set(name, forms);
    return forms;
  }

  /** The end of the element that begins at a byte, which is taken where it has the form; else -1. */
  private fits(known: Known, bytes: Buffer, at: number): number {
    const end = known.form.match(bytes, at);
    if (end < 0 || !this.note(known, bytes)) return -1;
    this.taken++;
    const { last } = this;
    if (last !== known) last?.form.endRow();
    if (last !== undefined) last.next = known;
    this.last = known;
    return end;
  }

  /** Notes the element that fitted last as one of its unit; false where its key may not be taken out. */
  private note(known: Known, bytes: Buffer): boolean {
    if (known.section === "planned_values") {
      // whose it is matters to what is to be expected only
      if (this.last === known) this.unitIn(known.form, bytes);
      return true;
    }
    const unit = this.unitIn(known.form, bytes);
    if (unit === undefined) return false;
    this.noteOf(known, unit, bytes);
    return true;
  }

  private noteOf(known: Known, unit: Unit, bytes: Buffer): void {
    if (known.section === "prior_state" && known.isManaged && this.isTold(unit.state, known.base)) return;
    if (known.from !== unit.state) {
      known.from = unit.state;
      known.to = this.step(unit.state, known);
    }
    unit.state = known.to;
    known.form.namesIn(bytes, unit.names);
  }

  /** The unit of the element that fitted last; `undefined` for a key that may not be taken out. */
  private unitIn(form: Form, bytes: Buffer): Unit | undefined {
    const { lastUnit: last, isNext } = this;
    const likely = isNext ? last?.next : last;
    const other = isNext ? last : last?.next;
    if (likely !== undefined && this.hasKeyOf(likely, form, bytes)) return this.goTo(likely);
    if (other !== undefined && this.hasKeyOf(other, form, bytes)) return this.goTo(other);
    const unit = this.unitOf(form.keyIn(bytes));
    return unit && this.goTo(unit);
  }

  private goTo(unit: Unit): Unit {
    const { lastUnit: last } = this;
    this.isNext = last !== unit;
    if (this.isNext && last !== undefined && last.next !== unit) {
      last.next = unit;
      last.changed = changedAtEnd(last.key, unit.key);
    }
    this.lastUnit = unit;
    return unit;
  }

  private unitOf(key: string): Unit | undefined {
    let unit = this.units.get(key);
    if (unit === undefined && isKey(key) && !hasStandIn(key)) {
      unit = { key, at: this.keys.push(key), next: undefined, changed: 0, state: -1, names: [] };
      this.units.set(key, unit);
    }
    return unit;
  }

  private hasKeyOf({ key, at }: Unit, form: Form, bytes: Buffer): boolean {
    return form.hasKey(bytes, this.keys.bytes, at, key.length);
  }

  private step(state: number, known: Known): number {
    const step = (state + 1) * MOST_KNOWN + known.id;
    let next = this.steps.get(step);
    if (next === undefined) {
      next = this.states.push({ before: state, known }) - 1;
      this.steps.set(step, next);
    }
    return next;
  }

  /** The forms that lead to a state, in their order; the last ones where there are more than `most`. */
  private formsOf(state: number, most = Number.POSITIVE_INFINITY): readonly Known[] {
    const forms: Known[] = [];
    for (let at = this.states[state]; at !== undefined && forms.length < most; at = this.states[at.before])
      forms.push(at.known);
    return forms.reverse();
  }

  /** Whether a change is known to say already all of what a state shows of a resource. */
  private isTold(state: number, base: string): boolean {
    let told = this.told.get(state);
    if (told === undefined) {
      const changes = this.formsOf(state, MOST_TOLD).filter(({ section }) => section === "resource_changes");
      told = new Set(changes.map((known) => known.base));
      if (this.told.size >= MOST_TOLD) this.told.clear();
      this.told.set(state, told);
    }
    return told.has(base);
  }

  /** All that was taken: units of the same forms and the same pattern of names together. */
  alike(): readonly Alike[] {
    const found = new Map<
      string,
      { readonly state: number; readonly members: string[][]; readonly places: readonly number[] }
    >();
    for (const { key, state, names: all } of this.units.values()) {
      if (state < 0) continue;
      const names = [key];
      const places = all.length === 0 ? NO_PLACES : placesOf(all, names);
      const pattern = `${state} ${places.join(" ")}`;
      const same = found.get(pattern);
      if (same === undefined) found.set(pattern, { state, members: [names], places });
      else same.members.push(names);
    }
    return [...found.values()].map(({ state, members, places }) => {
      let from = 0;
      const forms = this.formsOf(state);
      const kinds: NameKind[] = [forms.some(({ form }) => form.kinds[0] === "module") ? "module" : "key"];
      const elements = forms.map(({ section, form }): Element => {
        const to = from + form.kinds.length - 1;
        const own = [0, ...places.slice(from, to)];
        from = to;
        for (const [i, place] of own.entries()) kinds[place] ??= form.kinds[i] ?? "hash";
        return { section, form, places: own };
      });
      return { elements, kinds, members };
    });
  }
}

/** In how many characters at its end a key differs from another one. */
function changedAtEnd(key: string, other: string): number {
  if (key.length !== other.length) return key.length;
  let same = 0;
  while (same < key.length && key[same] === other[same]) same++;
  return key.length - same;
}

const NO_PLACES: readonly number[] = [];

/** Which name each one is, told by its number among `names`, where those that are new are added. */
function placesOf(all: readonly string[], names: string[]): readonly number[] {
  const known = new Map<string, number>();
  return all.map((name) => {
    const place = known.get(name) ?? names.push(name) - 1;
    known.set(name, place);
    return place;
  });
}

/** Whether the `id` of a resource is a hash of what it says. */
const isDocument = (json: Json): boolean =>
  member(json, "mode") === "data" && member(json, "type") === "aws_iam_policy_document";
