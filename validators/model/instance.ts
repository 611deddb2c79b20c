/** Turns a plan into the resource instances that exist after it is applied. */
import type { Change, Plan, StateResource } from "../plan/index";
import type { Instance, Planned } from "./shape";

/** An instance before it is placed in its module. */
export type Draft = Omit<Instance, "module" | "config"> & { readonly modulePath: string; readonly planned: Planned };

/** What is there after the plan: managed instances and data sources, and the managed ones that it takes away. */
export interface After {
  readonly managed: readonly Draft[];
  readonly data: readonly Draft[];
  readonly gone: readonly Change[];
}

const draftOf = (entry: Change | StateResource, planned: Planned): Draft => {
  const { address, module: modulePath, mode, type, name, provider, index } = entry;
  const head = { address, modulePath, mode, type, name, provider, planned };
  return index === undefined ? head : Object.assign(head, { index });
};

const ofChange = (change: Change): Draft =>
  draftOf(change, {
    values: change.after,
    unknown: change.afterUnknown,
    sensitive: change.afterSensitive,
    isNew: change.actions.includes("create"),
  });

const ofState = (resource: StateResource): Draft =>
  draftOf(resource, { values: resource.values, unknown: false, sensitive: resource.sensitive, isNew: false });

/** `delete` alone and `forget` take a resource out of the world; a replacement has `create` beside `delete`. */
const takesAway = (change: Change): boolean =>
  change.actions.includes("forget") || (change.actions.includes("delete") && !change.actions.includes("create"));

/**
 * The world after apply. Created, updated, replaced, unchanged and imported resources exist; deleted, forgotten and
 * deposed ones don't. What only `prior_state` holds still exists: a plan with `-target` leaves it alone, and a plan with
 * `-refresh-only` has no changes at all.
 */
export function afterApply(plan: Plan): After {
  const managed = new Map<string, Draft>();
  const data = new Map<string, Draft>();
  const gone: Change[] = [];
  for (const resource of plan.prior)
    (resource.mode === "data" ? data : managed).set(resource.address, ofState(resource));
  if (plan.changes === undefined) {
    for (const change of plan.drift) {
      if (change.mode !== "managed" || change.deposed !== undefined) continue;
      if (change.after === null || takesAway(change)) managed.delete(change.address);
    }
  }
  // first, since another resource may have taken an address that was moved away from
  for (const change of plan.changes ?? [])
    if (change.previousAddress !== undefined) managed.delete(change.previousAddress);
  for (const change of plan.changes ?? []) {
    // a deposed object has the living one's address
    if (change.deposed !== undefined) continue;
    if (change.mode === "data") data.set(change.address, ofChange(change));
    else if (takesAway(change)) {
      managed.delete(change.address);
      gone.push(change);
    } else managed.set(change.address, ofChange(change));
  }
  return { managed: [...managed.values()], data: [...data.values()], gone };
}
