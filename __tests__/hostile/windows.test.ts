/** Turns a grown plan, read through one small buffer that is used again and again, into the plan read in one piece. */
import { grown } from "../../bench/grow";
import { readPlan } from "../../validators/plan/index";

/** Windows of one Buffer, as the process door reads a file: each is overwritten by the next. */
function* windows(bytes: Buffer, size: number): Generator<Uint8Array> {
  const window = Buffer.alloc(size);
  for (let at = 0; at < bytes.length; at += size) {
    const copied = bytes.copy(window, 0, at, at + size);
    yield window.subarray(0, copied);
    window.fill(0x7d);
  }
}

test.each([7, 64, 1000, 1 << 14, 1 << 20])("a window of %d bytes changes nothing", (size) => {
  const bytes = Buffer.from(
    [...grown({ layout: "module", action: "mixed", units: 40 })].join("").replace("key of", "Schlüssel 🔑 of"),
  );
  expect(readPlan(windows(bytes, size))).toEqual(readPlan([bytes]));
});
