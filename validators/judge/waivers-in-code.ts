/** Turns the notes that `waive()` left in synthesized JSON into waivers for the plan's addresses. */
import { InputError } from "../kernel/index";
import { readConfig } from "./config";
import type { GivenWaiver } from "./waivers";

const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const member = (value: unknown, key: string): unknown =>
  isObject(value) && Object.hasOwn(value, key) ? Object.entries(value).find(([name]) => name === key)?.[1] : undefined;

/**
 * The waivers in `cdk.tf.json`. They cover every instance of their resource. Checked like those in `tollgate.json`.
 * @throws InputError for a waiver without a reason, an owner or an expiry, or of an unknown rule.
 */
export function waiversInCode(json: unknown, file: string, ruleIds: readonly string[]): GivenWaiver[] {
  return Object.entries(member(json, "resource") ?? {}).flatMap(([type, byName]) =>
    Object.entries(isObject(byName) ? byName : {}).flatMap(([name, body]) => {
      const given = member(member(member(body, "//"), "tollgate"), "waivers");
      if (given === undefined) return [];
      if (!Array.isArray(given)) throw new InputError(`${file}: \`${type}.${name}\`: expected a list of waivers`);
      const waivers = given.map((one: unknown) => ({ ...(isObject(one) ? one : {}), address: `${type}.${name}` }));
      const { waivers: checked = [] } = readConfig({ waivers }, `${file}: \`${type}.${name}\``, ruleIds);
      return checked.map((waiver) => ({ ...waiver, instances: true as const }));
    }),
  );
}
