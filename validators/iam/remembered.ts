/** Turns a question about a policy into its answer, asked once for all policies that differ in their names only. */
import { partsOf, Sym, type Text, text, Unknown } from "../kernel/value";
import type { BucketWorld, Decision } from "./decision";
import { readPolicy } from "./read";
import type { PolicyReading, PolicyText, Service } from "./reading";

/** What stands for a name in the form that many policies share. It may appear in no answer. */
const STAND_IN = "tollgate.stand-in.";
/** Answers that are remembered before all are forgotten, and characters of their policies. */
const MOST_ANSWERS = 4_000;
const MOST_CHARACTERS = 16_000_000;

/** A question about a policy in its world. */
export type Question<T> = (reading: PolicyReading, world: BucketWorld) => T;

const answers = new Map<string, unknown>();
let characters = 0;

/**
 * Answers the question for the policy with its names made symbols, and remembers that. What holds for every value of a
 * symbol holds for the name at hand, so an answer that `isFinal` (it holds for every value, and names nothing) is the
 * answer; any other is asked again about the policy as it stands. `asked` names the question with all its options.
 */
export function remembered<T>(
  asked: string,
  policy: PolicyText,
  service: Service,
  world: BucketWorld,
  question: Question<T>,
  isFinal: (answer: T) => boolean,
): T {
  if (policy === null || policy instanceof Unknown) return question(readPolicy(policy, service), world);
  const shared = sharedForm(policy, world);
  const key = `${asked}\n${shared.key}`;
  const known = answers.get(key);
  if (known !== undefined || answers.has(key)) {
    // the key names the question, and each question has one type of answer
    if (known !== undefined) return known as T;
  } else {
    const answer = question(readPolicy(shared.policy, service), shared.world);
    const isShared = isFinal(answer) && !JSON.stringify(answer).includes(STAND_IN);
    remember(key, isShared ? answer : undefined);
    if (isShared) return answer;
  }
  return question(readPolicy(policy, service), world);
}

/** A decision that holds for every value of the symbols and has no request to show. */
export const isNone = (decision: Decision): boolean => decision.answer === "none";

function remember(key: string, answer: unknown): void {
  characters += key.length;
  if (answers.size >= MOST_ANSWERS || characters > MOST_CHARACTERS) {
    answers.clear();
    characters = key.length;
  }
  answers.set(key, answer);
}

interface SharedForm {
  readonly key: string;
  readonly policy: string | Text;
  readonly world: BucketWorld;
}

/** The policy and its world with each symbol, the bucket's known name and the key's known id under a stand-in's name. */
function sharedForm(policy: string | Text, world: BucketWorld): SharedForm {
  const symbols = new Map<string, Sym>();
  const standIn = (identity: string, kind: Sym["kind"]): Sym => {
    const known = symbols.get(identity);
    if (known !== undefined) return known;
    const symbol = new Sym(`${STAND_IN}${symbols.size}`, kind);
    symbols.set(identity, symbol);
    return symbol;
  };
  const own = ownName(world.arn);
  const renamed = (value: string | Text): string | Text =>
    text(
      partsOf(value).flatMap((part) => {
        if (part instanceof Sym) return [standIn(`symbol ${part.kind} ${part.id}`, part.kind)];
        return own === undefined ? [part] : withoutName(part, own, () => standIn("own name", own.kind));
      }),
    );
  const shared: BucketWorld = {
    ...world,
    arn: renamed(world.arn),
    account: renamed(world.account),
    partition: renamed(world.partition),
    region: renamed(world.region),
    policyName: `${STAND_IN}policy`,
  };
  const form = renamed(policy);
  const key = [shared.arn, shared.account, shared.partition, shared.region, world.timestamp ?? "", form]
    .map(written)
    .join("\n");
  return { key, policy: form, world: shared };
}

const written = (value: string | Text): string =>
  partsOf(value)
    .map((part) => (part instanceof Sym ? `\u0001${part.kind} ${part.id}\u0002` : part))
    .join("");

interface OwnName {
  /** With what stands before it: `:s3:::logs`, `:key/1234…`. */
  readonly marked: string;
  readonly mark: string;
  readonly kind: "bucket-name" | "key-id";
}

/** The known name at the end of a bucket's or key's ARN. */
function ownName(arn: string | Text): OwnName | undefined {
  const last = partsOf(arn).at(-1);
  if (typeof last !== "string") return undefined;
  const [marked, mark] =
    /(:s3:::)[a-z0-9][a-z0-9.-]*[a-z0-9]$|(?::key\/)(?:[0-9a-f-]{36}|mrk-[0-9a-f]{32})$/.exec(last) ?? [];
  if (marked === undefined) return undefined;
  return mark === undefined ? { marked, mark: ":key/", kind: "key-id" } : { marked, mark, kind: "bucket-name" };
}

/** Text with a stand-in for the name where it stands whole: any longer name is another one. */
function withoutName(part: string, { marked, mark }: OwnName, standIn: () => Sym): (string | Sym)[] {
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
