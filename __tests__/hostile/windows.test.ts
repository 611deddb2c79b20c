/** Turns a grown plan, read through one small buffer that is used again and again, into the plan read in one piece. */
import { grown } from "../../bench/grow";
import { type Change, type Plan, readPlan } from "../../validators/plan/index";

/** Windows of one Buffer, as the process door reads a file: each is overwritten by the next. */
function* windows(bytes: Buffer, size: number): Generator<Uint8Array> {
  const window = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const copied = bytes.copy(window, 0, at, at + size);
    yield window.subarray(0, copied);
    window.fill(0x7d);
  }
}

const LAYOUTS = ["flat", "module", "calls"] as const;
const SIZES = [7, 64, 1000, 1 << 14, 1 << 20];

test.each(LAYOUTS.flatMap((layout) => SIZES.map((size) => [layout, size] as const)))(
  "of a plan whose layout is %s, a window of %d bytes changes nothing",
  (layout, size) => {
    const bytes = Buffer.from(
      [...grown({ layout, action: "mixed", units: 120 })].join("").replace("key of", "Schlüssel 🔑 of"),
    );
    const whole = readPlan([bytes]);
    expect(readPlan(windows(bytes, size))).toEqual(whole);
    // stand-ins and what they stand for depend on no window either, and hide nothing
    const { standIns, ...rest } = readPlan(windows(bytes, size), { standIns: true });
    // an address must end in a window to be taken
    expect(standIns?.groups.length ?? 0).toBeGreaterThan(size < 1000 ? -1 : 0);
    const all = standIns?.without({ isGroup: () => true }) ?? rest;
    const sorted = (changes: Plan["changes"]): unknown => [...(changes ?? [])].sort(byAddress);
    expect(sorted(all.changes)).toEqual(sorted(whole.changes));
    expect(all.configuration).toEqual(whole.configuration);
  },
);

const byAddress = (one: Change, other: Change): number => (one.address < other.address ? -1 : 1);
