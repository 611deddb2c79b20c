/** Turns a value as it was written into what is certain of it once a provider's schema or a variable's type has converted it. */
import { isList, isMap, isText, Unknown, type Value } from "../../kernel/index";
import { LazyMap } from "../lazy-map";
import { areApart, toText } from "./convert";
import { markDistinct, markLoose } from "./sets";
import { isConvertible } from "./unify";

/**
 * What stays of a value whose type isn't at hand. Text that is no number and no boolean to any type stays; `true`, `1` and
 * `"true"` may each become the other, and lists may become sets. `path` names what is unknown. With `keepsText` all text stays: most
 * variables that are given text are text, as account ids are.
 */
export function unconverted(value: Value, path: string, keepsText = false): Value {
  if (
    typeof value === "number" ||
    typeof value === "boolean" ||
    (!keepsText && typeof value === "string" && isConvertible(value))
  )
    return new Unknown(path, "unresolved-expression");
  if (isList(value)) {
    const items = value.map((item, at) => unconverted(item, `${path}[${at}]`, keepsText));
    const isCertain = items.length < 2;
    return markLoose(markDistinct(items, { order: isCertain, count: isCertain || areApart(items) }), isCertain);
  }
  if (value instanceof LazyMap)
    return new LazyMap(value.names, (name) => unconverted(value.get(name) ?? null, `${path}.${name}`, keepsText), path);
  if (isMap(value))
    return new Map([...value].map(([name, item]) => [name, unconverted(item, `${path}.${name}`, keepsText)]));
  return value;
}

/** A map whose members are certainly text, as those of `tags` are. */
export function mapOfTexts(value: Value, path: string): Value {
  if (!isMap(value)) return unconverted(value, path);
  return new Map(
    [...value].map(([name, item]) => {
      const isPlain = isText(item) || typeof item === "number" || typeof item === "boolean" || item === null;
      return [name, isPlain && item !== null ? toText(item) : item];
    }),
  );
}
