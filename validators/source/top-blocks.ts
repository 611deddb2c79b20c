/** Turns native and JSON syntax into the same list of top-level blocks: type, labels, body, position. */
import { InputError } from "../kernel/index";
import type { Json } from "../plan/plan";
import type { Block, Body, Expression, Position } from "./configuration";
import type { RawBlock, RawBody } from "./syntax/blocks";

/** A block at the top of a file: `resource "aws_s3_bucket" "b" { … }`. */
export interface TopBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
  readonly position: Position;
  /** CDKTF construct path. */
  readonly construct?: string;
}

/** The blocks of a native file. */
export const fromNative = (file: RawBody, name: string): TopBlock[] =>
  file.blocks.map((block) => ({
    type: block.type,
    labels: block.labels,
    body: nativeBody(block.body, name),
    position: { file: name, line: block.line },
  }));

function nativeBody(raw: RawBody, file: string): Body {
  const expressions = [...raw.attributes].map(([name, { text, line }]): [string, Expression] => [
    name,
    { kind: "hcl", text, position: { file, line } },
  ]);
  return {
    arguments: new Map(expressions),
    blocks: raw.blocks.map((block) => nativeBlock(block, file)),
    complete: true,
  };
}

function nativeBlock(raw: RawBlock, file: string): Block {
  const position: Position = { file, line: raw.line };
  const [label] = raw.labels;
  const forEach = raw.body.attributes.get("for_each");
  const content = raw.body.blocks.find((block) => block.type === "content");
  if (raw.type !== "dynamic" || label === undefined || forEach === undefined || content === undefined) {
    return { type: raw.type, body: nativeBody(raw.body, file), position };
  }
  const iterator = raw.body.attributes.get("iterator")?.text ?? label;
  return {
    type: label,
    body: nativeBody(content.body, file),
    dynamic: { forEach: { kind: "hcl", text: forEach.text, position: { file, line: forEach.line } }, iterator },
    position,
  };
}

/** How many labels each kind of top-level block has. */
const labelCounts: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["ephemeral", 2],
  ["module", 1],
  ["variable", 1],
  ["output", 1],
  ["provider", 1],
  ["locals", 0],
  ["moved", 0],
  ["import", 0],
  ["removed", 0],
]);

type JsonObject = { readonly [key: string]: Json };
const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === "object" && json !== null && !Array.isArray(json);
const isArray = (json: Json | undefined): json is readonly Json[] => Array.isArray(json);

/**
 * The blocks of a JSON file. Each level may be an object or an array of objects
 * (https://developer.hashicorp.com/terraform/language/syntax/json#nested-block-mapping).
 * @throws InputError for anything else in a block's place: Terraform refuses it, and skipping it would hide resources.
 */
export function fromJsonSyntax(json: Json, file: string): TopBlock[] {
  const found: TopBlock[] = [];
  for (const top of objectsIn(json, "the document")) {
    for (const [type, inside] of Object.entries(top)) {
      const count = labelCounts.get(type);
      if (count !== undefined) collect(inside, type, count, [], file, found);
    }
  }
  return found;
}

const each = (json: Json): readonly JsonObject[] =>
  isArray(json) ? json.filter(isObject) : isObject(json) ? [json] : [];

/** The objects of one level; Terraform takes null for nothing. */
function objectsIn(json: Json, where: string): readonly JsonObject[] {
  const isWrong = isArray(json) ? !json.every(isObject) : json !== null && !isObject(json);
  if (isWrong) throw new InputError(`expected an object or a list of objects at ${where}`);
  return each(json);
}

const shown = (label: string): string => label.slice(0, 60).replace(/[^\w-]/g, "?");

function collect(
  json: Json,
  type: string,
  labels: number,
  before: readonly string[],
  file: string,
  into: TopBlock[],
): void {
  for (const object of objectsIn(json, `\`${[type, ...before].map(shown).join(".")}\``)) {
    if (before.length === labels) {
      const construct = constructPath(object);
      into.push({
        type,
        labels: before,
        body: jsonBody(object, file),
        position: { file },
        ...(construct === undefined ? {} : { construct }),
      });
    } else {
      for (const [label, inside] of Object.entries(object)) {
        if (label !== "//") collect(inside, type, labels, [...before, label], file, into);
      }
    }
  }
}

function constructPath(object: JsonObject): string | undefined {
  const comment = Object.hasOwn(object, "//") ? object["//"] : undefined;
  const metadata = isObject(comment) && Object.hasOwn(comment, "metadata") ? comment.metadata : undefined;
  const path = isObject(metadata) && Object.hasOwn(metadata, "path") ? metadata.path : undefined;
  return typeof path === "string" ? path : undefined;
}

/** The body of a JSON block. Only what holds dynamic blocks is known to be blocks; the rest are arguments. */
export function jsonBody(object: JsonObject, file: string, depth = 0): Body {
  const members = new Map<string, Expression>();
  const blocks: Block[] = [];
  const position: Position = { file };
  for (const [name, value] of Object.entries(object)) {
    if (name === "//") continue;
    if (name === "dynamic" && isDynamic(value)) blocks.push(...dynamicBlocks(value, file, depth));
    else if (depth < 20 && holdsDynamic(value, 0)) {
      for (const inside of each(value)) blocks.push({ type: name, body: jsonBody(inside, file, depth + 1), position });
    } else members.set(name, { kind: "json", value, position });
  }
  for (const block of blocks) moveBeside(members, blocks, block.type, file);
  return { arguments: members, blocks, complete: true };
}

/** Static blocks of a type that also has dynamic ones become blocks as well, before those. */
function moveBeside(members: Map<string, Expression>, blocks: Block[], type: string, file: string): void {
  const beside = members.get(type);
  if (beside?.kind !== "json") return;
  members.delete(type);
  blocks.unshift(
    ...each(beside.value).map((inside) => ({ type, body: jsonBody(inside, file, 1), position: { file } })),
  );
}

const isDynamic = (json: Json): boolean =>
  each(json).length > 0 &&
  each(json).every((types) =>
    Object.values(types).every((inside) =>
      each(inside).some((block) => Object.hasOwn(block, "for_each") && Object.hasOwn(block, "content")),
    ),
  );

function holdsDynamic(json: Json, depth: number): boolean {
  if (depth > 20) return false;
  return each(json).some((object) =>
    Object.entries(object).some(
      ([name, value]) => (name === "dynamic" && isDynamic(value)) || holdsDynamic(value, depth + 1),
    ),
  );
}

function dynamicBlocks(json: Json, file: string, depth: number): Block[] {
  return each(json).flatMap((types) =>
    Object.entries(types).flatMap(([type, inside]) =>
      each(inside).map((block): Block => {
        const iterator = block.iterator;
        return {
          type,
          body: bodyOfContent(block.content ?? null, file, depth),
          dynamic: {
            forEach: { kind: "json", value: block.for_each ?? null, position: { file } },
            iterator: typeof iterator === "string" ? iterator : type,
          },
          position: { file },
        };
      }),
    ),
  );
}

function bodyOfContent(content: Json, file: string, depth: number): Body {
  const [first = {}] = each(content);
  return jsonBody(first, file, depth + 1);
}
