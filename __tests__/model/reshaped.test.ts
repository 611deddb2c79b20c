/**
 * Plans of tools that can't be had here, made from recorded ones: OpenTofu and AWS provider 6 write the same JSON but for what
 * these tests change. And plans with a change less than Terraform writes.
 */
import { checkContent } from "../../validators/check";
import type { Verdict } from "../../validators/kernel/index";
import { useParser } from "../source/parser";
import { SHAPES, textOf } from "./fixtures";

beforeAll(useParser);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };
const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);

const verdictsOf = (text: string): ReadonlyMap<string, Verdict> =>
  new Map(
    checkContent(text, "plan.json", { config: {}, today: "2026-01-01" }).results.map((one) => [
      `${one.address} ${one.rule}`,
      one.verdict,
    ]),
  );

/** Each object of JSON, changed. */
const mapped = (json: Json, change: (object: JsonObject) => JsonObject): Json => {
  if (Array.isArray(json)) return json.map((item) => mapped(item, change));
  if (!isObject(json)) return json;
  return change(Object.fromEntries(Object.entries(json).map(([key, item]) => [key, mapped(item, change)])));
};

test.each(SHAPES)("%s, as OpenTofu writes it", (shape) => {
  const text = textOf(shape);
  const tofu = text
    .replaceAll("registry.terraform.io/", "registry.opentofu.org/")
    .replace(/"terraform_version": "[^"]*"/, '"terraform_version": "1.10.6"');
  expect(tofu).not.toBe(text);
  expect(verdictsOf(tofu)).toEqual(verdictsOf(text));
});

/** Types whose resources belong to no region (provider 6, «enhanced region support»). */
const isGlobal = (type: Json | undefined): boolean =>
  typeof type !== "string" || /^aws_(iam_|cloudfront_|caller_identity|partition|canonical|elb_service)/.test(type);

/** Each resource with the `region` that provider 6 computes from its provider, where nothing of provider 5 is called so. */
function asOfProvider6(json: Json): Json {
  return mapped(json, (object) => {
    const { type, change, values } = object;
    if (object.provider_name === undefined || isGlobal(type)) return object;
    const withRegion = (attributes: Json | undefined): Json =>
      isObject(attributes) && attributes.region === undefined
        ? { ...attributes, region: regionOf(attributes) }
        : (attributes ?? null);
    if (values !== undefined) return { ...object, values: withRegion(values) };
    if (!isObject(change)) return object;
    const mask = isObject(change.after_unknown) ? { ...change.after_unknown } : {};
    if (mask.region === true) delete mask.region;
    return {
      ...object,
      change: { ...change, before: withRegion(change.before), after: withRegion(change.after), after_unknown: mask },
    };
  });
}

/** The region in an ARN of the resource, else that of the projects' default provider. */
function regionOf({ arn }: JsonObject): string {
  const region = typeof arn === "string" ? arn.split(":")[3] : undefined;
  return region === undefined || region === "" ? "us-east-1" : region;
}

/** Projects that configure another region as well, which provider 6 would write into each resource of it. */
const REGIONS = /us-west-2|eu-(central|west)-\d/;
const oneRegion = SHAPES.filter((shape) => !REGIONS.test(textOf(shape)));

test("most projects have one region", () => {
  expect(oneRegion.length).toBeGreaterThan(60);
});

test.each(oneRegion)("%s, as AWS provider 6 plans it", (shape) => {
  const text = textOf(shape);
  expect(verdictsOf(JSON.stringify(asOfProvider6(JSON.parse(text))))).toEqual(verdictsOf(text));
});

test("a deposed object hides nothing of the living one, whether the plan repeats that or not", () => {
  const text = textOf("deposed");
  const plan: JsonObject = JSON.parse(text);
  const changes = Array.isArray(plan.resource_changes) ? plan.resource_changes : [];
  const deposed = changes.filter((change) => isObject(change) && change.deposed !== undefined);
  expect(deposed).toHaveLength(1);
  for (const all of [changes, [...changes].reverse(), deposed])
    expect(verdictsOf(JSON.stringify({ ...plan, resource_changes: all }))).toEqual(verdictsOf(text));
});
