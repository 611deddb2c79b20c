/** Turns what a plan says into values that can be reasoned about: known, symbolic, unknown or absent. */

/** Why a value can't be told before apply. Stands in reports as `because`. */
export type UnknownReason =
  | "computed-at-apply"
  /** In a module whose code was not read. */
  | "unread-module"
  | "deferred-data-source"
  | "unresolved-expression"
  | "outside-the-plan"
  | "variable-without-value"
  | "too-complex";

/**
 * What kind of text a symbol stands for. The kind bounds the characters that it can have:
 * `account-id` is twelve digits, `partition` one of AWS's partitions, `region` lower-case letters, digits and `-`,
 * `bucket-name` S3's naming rules, `key-id` a KMS key id (UUID or `mrk-…`), `vpc-id`, `vpc-endpoint-id` and `organization-id` begin with `vpc-`,
 * `vpce-` and `o-` and consist of lower-case letters, digits and `-`, `name` an IAM name (no `:`, `/`, `*`, `?`),
 * `role-id` and `user-id` the unique id of a role or user (`AROA…`, `AIDA…`: capitals and digits), `any` anything at all.
 */
export type SymbolKind =
  | "account-id"
  | "partition"
  | "region"
  | "bucket-name"
  | "key-id"
  | "vpc-id"
  | "vpc-endpoint-id"
  | "organization-id"
  | "name"
  | "role-id"
  | "user-id"
  | "any";

/** What is known of a symbol besides its identity and kind. */
interface SymbolFacts {
  /** Default: `computed-at-apply`. */
  readonly because?: UnknownReason;
  /** The expression that the value comes from, as the user wrote it. */
  readonly expression?: string | undefined;
  /**
   * Of a `role-id` or `user-id`, and of a canonical user id: the account that the principal belongs to. {@link AWS_OWNED}
   * where that, or an `account-id` itself, is one of AWS's own.
   */
  readonly account?: string | Text | undefined;
  /**
   * Whether it consists of lower-case letters, digits, dots and hyphens, whatever its kind may hold: part of the name of a
   * bucket that is yet to be made, or of a name that the provider makes up. Default: no.
   */
  readonly isPlain?: boolean;
}

/**
 * A piece of text that isn't known yet but is always the same: equal to itself, and to what is derived from it.
 * Two symbols of one `id` are one value. Two symbols of kind `bucket-name` or `key-id` with different ids differ
 * (S3 and KMS never give a name twice), and so do those of kind `role-id` or `user-id`; of any other kind two symbols may
 * turn out equal.
 */
export class Sym {
  readonly because: UnknownReason;
  readonly expression: string | undefined;
  readonly account: string | Text | undefined;
  readonly isPlain: boolean;

  constructor(
    /** Identity, and what reports show inside `${…}`: a Terraform reference such as `aws_s3_bucket.b.bucket`. */
    readonly id: string,
    readonly kind: SymbolKind,
    { because = "computed-at-apply", expression, account, isPlain = false }: SymbolFacts = {},
  ) {
    this.because = because;
    this.expression = expression;
    this.account = account;
    this.isPlain = isPlain;
  }
}

/** In place of the number of an account that belongs to AWS, and so to none of its customers. */
export const AWS_OWNED = "amazon";

/** Whether a symbol stands for the unique id of a role or user. */
export const isPrincipalKind = (kind: SymbolKind | undefined): boolean => kind === "role-id" || kind === "user-id";

/** Whether no two symbols of a kind are ever one text. */
export const isUniqueKind = (kind: SymbolKind): boolean =>
  kind === "bucket-name" || kind === "key-id" || isPrincipalKind(kind);

/** Text with at least one symbol in it. Build it with {@link text}, which keeps it normal. */
export class Text {
  constructor(readonly parts: readonly (string | Sym)[]) {}
}

/** A value of unknown content and type: at this spot only. */
export class Unknown {
  constructor(
    /** What is unknown: a path such as `aws_s3_bucket_policy.p.policy`. */
    readonly value: string,
    readonly because: UnknownReason,
    /** The expression that it comes from, where there is one. */
    readonly expression?: string,
  ) {}
}

/** An object. Keys come from strangers: always a `Map`, never a JavaScript object. */
export type ValueMap = ReadonlyMap<string, Value>;

/**
 * A value of the configuration or plan. `null` is Terraform's null: unset, absent. Strings, numbers and booleans
 * are known; {@link Text} is symbolic; {@link Unknown} can be anything, also absent.
 */
export type Value = null | boolean | number | string | Text | Unknown | readonly Value[] | ValueMap;

/** Text from its parts: adjacent literals joined, empty ones dropped, a plain string where no symbol is left. */
export function text(parts: Iterable<string | Sym | Text>): string | Text {
  const normal: (string | Sym)[] = [];
  // joined at once: text that grows bit by bit is a tree of bits in memory
  let literals: string[] = [];
  const close = (): void => {
    const literal = literals.length === 1 ? literals[0] : literals.join("");
    if (literal) normal.push(literal);
    literals = [];
  };
  const add = (part: string | Sym): void => {
    if (typeof part === "string") literals.push(part);
    else {
      close();
      normal.push(part);
    }
  };
  for (const part of parts) {
    if (part instanceof Text) for (const piece of part.parts) add(piece);
    else add(part);
  }
  close();
  const [first = ""] = normal;
  return normal.length < 2 && typeof first === "string" ? first : new Text(normal);
}

/** The parts of text, known or symbolic. */
export const partsOf = (value: string | Text): readonly (string | Sym)[] =>
  typeof value === "string" ? [value] : value.parts;

/** Whether a value is text, known or symbolic. */
export const isText = (value: Value | undefined): value is string | Text =>
  typeof value === "string" || value instanceof Text;

/** Whether a value is an object. */
export const isMap = (value: Value | undefined): value is ValueMap => value instanceof Map;

/** Whether a value is a list. */
export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

/** How text is shown to people: symbols as `${reference}`. */
export const show = (value: string | Text): string =>
  partsOf(value)
    .map((part) => (typeof part === "string" ? part : `\${${part.id}}`))
    .join("");

/** Whether two texts are equal for every value of their symbols; parts must be normal. */
export function isSameText(a: string | Text, b: string | Text): boolean {
  const left = partsOf(a);
  const right = partsOf(b);
  return (
    left.length === right.length &&
    left.every((part, i) => {
      const other = right[i];
      return typeof part === "string" ? part === other : other instanceof Sym && other.id === part.id;
    })
  );
}

/**
 * JSON (from `JSON.parse`) as a value. Objects become maps, so that no key can reach a prototype. `textOf` says what a string
 * is.
 */
export function fromJson(json: unknown, textOf?: (string: string) => string | Text): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === "string") return textOf === undefined ? json : textOf(json);
  if (typeof json === "number" || typeof json === "boolean") return json;
  if (Array.isArray(json)) return json.map((item) => fromJson(item, textOf));
  return new Map(Object.entries(json).map(([key, value]) => [key, fromJson(value, textOf)]));
}

/** Every unknown and symbol inside a value, each once. */
export function unknownsIn(value: Value | undefined, found: Map<string, Unknown | Sym> = new Map()): (Unknown | Sym)[] {
  if (value instanceof Unknown) found.set(`${value.value} ${value.expression ?? ""}`, value);
  else if (value instanceof Text) {
    for (const part of value.parts) if (part instanceof Sym) found.set(part.id, part);
  } else if (isList(value)) for (const item of value) unknownsIn(item, found);
  else if (isMap(value)) for (const item of value.values()) unknownsIn(item, found);
  return [...found.values()];
}
