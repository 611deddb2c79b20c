/** Turns text with policy variables into its parts (IAM user guide, «IAM policy elements: Variables and tags»). */

/** A part of such text: plain, a wildcard or dollar sign to be taken literally, or a variable with its default. */
export type VariablePart =
  | { readonly text: string }
  | { readonly verbatim: string }
  | { readonly variable: string; readonly name: string; readonly fallback: string | undefined };

const VERBATIM = new Set(["*", "?", "$"]);

/** The parts of a text, in order; variables' key names in lower case, and as they are written. */
export function partsOfVariableText(text: string): VariablePart[] {
  if (!text.includes("${")) return [{ text }];
  const parts: VariablePart[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${", at);
    const end = start < 0 ? -1 : text.indexOf("}", start);
    if (end < 0) break;
    if (start > at) parts.push({ text: text.slice(at, start) });
    parts.push(variable(text.slice(start + 2, end)));
    at = end + 1;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

function variable(inside: string): VariablePart {
  if (VERBATIM.has(inside)) return { verbatim: inside };
  const comma = inside.indexOf(",");
  const name = (comma < 0 ? inside : inside.slice(0, comma)).trim();
  const fallback = comma < 0 ? undefined : /^\s*'(.*)'\s*$/s.exec(inside.slice(comma + 1))?.[1];
  return { variable: name.toLowerCase(), name, fallback };
}
