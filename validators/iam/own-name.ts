/** Turns a policy into one without its own bucket's or key's name, and says whether another name would change its meaning. */
import { partsOf, Sym, type Text } from "../kernel/value";

/** The known name of the bucket or key that a policy stands on. */
export interface OwnName {
  /** With what stands before it: `:s3:::logs`, `:key/1234…`. */
  readonly marked: string;
  readonly mark: string;
  /** Without it: `logs`. */
  readonly name: string;
  readonly kind: "bucket-name" | "key-id";
}

/** The known name at the end of a bucket's or key's ARN; that of a stand-in may end with a hyphen. */
export function ownName(arn: string | Text): OwnName | undefined {
  const last = partsOf(arn).at(-1);
  if (typeof last !== "string") return undefined;
  const [marked, mark] =
    /(:s3:::)[a-z0-9][a-z0-9.-]*[a-z0-9]-?$|(?::key\/)(?:[0-9a-f-]{36}|mrk-[0-9a-f]{32})$/.exec(last) ?? [];
  if (marked === undefined) return undefined;
  return mark === undefined
    ? { marked, mark: ":key/", name: marked.slice(":key/".length), kind: "key-id" }
    : { marked, mark, name: marked.slice(mark.length), kind: "bucket-name" };
}

/** Text with a stand-in for the name where it stands whole: any longer name is another one. */
export function withoutName(part: string, { marked, mark }: OwnName, standIn: () => Sym): (string | Sym)[] {
  const pieces = part.split(marked);
  const [first = "", ...rest] = pieces;
  const out: (string | Sym)[] = [];
  let open = first;
  for (const piece of rest) {
    if (piece === "" || piece.startsWith('"') || piece.startsWith("/") || piece.startsWith("\\")) {
      out.push(open + mark, standIn());
      open = piece;
    } else open += marked + piece;
  }
  out.push(open);
  return out;
}

/** Stand for the own name and for any other symbol while the strings of a policy are looked at. */
const OWN = "\uE000";
const OTHER = "\uE001";
const STRINGS = /"((?:[^"\\]|\\.)*)"/g;

/**
 * Whether a policy says the same about a bucket of any other name: nothing that it spells out could be part of a
 * bucket's ARN, but the bucket's own name, whole. False where that can't be told.
 */
export function isIndifferent(policy: string | Text, own: Sym): boolean {
  const written = partsOf(policy)
    .map((part) => (part instanceof Sym ? (part === own ? OWN : OTHER) : part))
    .join("");
  for (const [, string = ""] of written.matchAll(STRINGS))
    if (!HARMLESS.some((form) => form.test(string))) return false;
  return true;
}

const HARMLESS: readonly RegExp[] = [
  // known through and through, and no ARN of S3
  /^(?!.*:s3:::)[^*?\\\uE000\uE001]*$/is,
  // nothing that is spelt out at all
  /^[*\uE000\uE001]*$/,
  // begins like nothing that is an ARN: `s3:Get*`
  /^(?:[^aA*?\\\uE000\uE001]|[aA][^rR*?\\\uE000\uE001]|[aA][rR][^nN*?\\\uE000\uE001])[^\\\uE000]*$/,
  // an ARN of another service
  /^arn:(?:[a-z-]+|\uE001):(?!s3:)[a-z0-9-]+:[^\\\uE000]*$/,
  // the bucket or any bucket, and keys in it
  /^arn:(?:[a-z-]+|\*|\uE001):s3:::(?:\uE000|\*)(?:\/[^\\\uE000]*)?$/,
];
