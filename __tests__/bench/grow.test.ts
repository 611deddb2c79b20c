/** Turns grown plans and the real seeds into a comparison: a plan grown to the seed's size is the seed. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  ACTIONS,
  type Action,
  grown,
  LAYOUTS,
  type Layout,
  RESOURCES_PER_UNIT,
  seedFile,
  unitName,
} from "../../bench/grow";

const textOf = (layout: Layout, action: Action, units: number, violations = 0): string =>
  [...grown({ layout, action, units, violations })].join("");
const seedOf = (layout: Layout, action: Action): string =>
  readFileSync(join(__dirname, "../../bench/seeds", seedFile(layout, action)), "utf8");

/** UUIDs by the order in which they occur; Terraform writes `relevant_attributes` in no order. */
function comparable(text: string): unknown {
  const order = new Map<string, string>();
  const named = text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, (uuid) => {
    const name = order.get(uuid) ?? `uuid-${order.size}`;
    order.set(uuid, name);
    return name;
  });
  const plan = JSON.parse(named);
  const relevant = (plan.relevant_attributes ?? []).map((one: unknown) => JSON.stringify(one)).sort();
  return { keys: Object.keys(plan), plan: JSON.stringify({ ...plan, relevant_attributes: relevant }) };
}

const cases = LAYOUTS.flatMap((layout) => ACTIONS.map((action): [Layout, Action] => [layout, action]));

describe.each(cases)("a plan with layout %s and action %s", (layout, action) => {
  test("grown to the seed's size is the seed, order and all", () => {
    expect(comparable(textOf(layout, action, 3))).toEqual(comparable(seedOf(layout, action)));
  });

  test("grown further has every unit once, and nothing of another", () => {
    const plan = JSON.parse(textOf(layout, action, 250));
    const changes: { address: string; mode: string }[] = plan.resource_changes;
    const managed = changes.filter(({ mode }) => mode === "managed");
    expect(managed).toHaveLength(250 * RESOURCES_PER_UNIT);
    expect(new Set(changes.map(({ address }) => address)).size).toBe(changes.length);
    for (const change of managed) {
      const [own] = change.address.match(/unit-\d{7}/) ?? [];
      expect(new Set(JSON.stringify(change).match(/unit-\d{7}/g))).toEqual(new Set([own]));
    }
    const byUnit = new Map<string, string>();
    for (const [, unit = "", uuid = ""] of textOf(layout, action, 250).matchAll(
      /"description":"key of (unit-\d{7})"[^{}]*?"key_id":"([^"]+)"/g,
    ))
      byUnit.set(uuid, unit);
    if (action === "no-op") expect(byUnit.size).toBe(250);
  });

  test("is in Terraform's order: by address", () => {
    const plan = JSON.parse(textOf(layout, action, 12));
    const addresses: string[] = plan.resource_changes
      .filter(({ mode }: { mode: string }) => mode === "managed")
      .map(({ address }: { address: string }) => address);
    expect(addresses).toEqual([...addresses].sort());
  });

  test("violates as often as it is told", () => {
    const plan = JSON.parse(textOf(layout, action, 40, 7));
    const broken = plan.resource_changes.filter(
      (change: { type: string; change: { after: { block_public_policy: boolean } } }) =>
        change.type === "aws_s3_bucket_public_access_block" && change.change.after.block_public_policy === false,
    );
    expect(broken.map(({ address }: { address: string }) => address.match(/unit-\d{7}/)?.[0])).toEqual(
      Array.from({ length: 7 }, (_, unit) => unitName(unit + 1)),
    );
  });
});

test("the same growth gives the same bytes", () => {
  const digest = () =>
    createHash("sha256")
      .update(textOf("flat", "mixed", 60, 3))
      .digest("hex");
  expect(digest()).toBe(digest());
});
