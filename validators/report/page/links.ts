/** Turns results into what the picture shows: who and what there is, and what hangs together how. */
import type { Report, Result, Verdict } from "../../kernel/index";
import type { Link, RenderOptions } from "../reporter";
import { isBlocking, subjectOf, worstFirst } from "../result-text";
import { line } from "../sanitize";
import { who } from "../words";

/** What kind of thing a node is: it decides the shape. */
export type NodeKind = "bucket" | "key" | "companion" | "caller";

/** One node: an address or a caller. */
export interface PictureNode {
  readonly name: string;
  readonly kind: NodeKind;
  /** The worst verdict on it; absent where it is no subject. */
  readonly verdict?: Verdict;
  /** How many of its results keep the gate closed. */
  readonly blocking: number;
}

/** What is drawn, and how many subjects were left out for room. */
export interface Picture {
  readonly nodes: readonly PictureNode[];
  readonly links: readonly (Link & { readonly isLetIn: boolean })[];
  readonly left: number;
}

/** More subjects than this can't be seen at once; the worst are drawn. */
const MOST_SUBJECTS = 24;

/** `module.a["x.y"].aws_s3_bucket.b[0]` is of type `aws_s3_bucket`. */
export function typeOf(address: string): string {
  const bare = address.replace(/\[[^\]]*\]/g, "");
  return /(?:^|\.|: )((?:aws|awscc)_[a-z0-9_]+)\.[^.]+$/.exec(bare)?.[1] ?? "";
}

function kindOf(address: string): NodeKind {
  const type = typeOf(address);
  if (type === "aws_s3_bucket" || type === "aws_s3_directory_bucket") return "bucket";
  return type.startsWith("aws_kms_") && type.endsWith("key") ? "key" : "companion";
}

/** How a companion of this type bears on the bucket or key. */
function labelOf(type: string): string {
  const words: ReadonlyMap<string, string> = new Map([
    ["aws_s3_bucket_policy", "policy of"],
    ["aws_s3_bucket_public_access_block", "blocks public access to"],
    ["aws_s3_account_public_access_block", "blocks public access to"],
    ["aws_s3_bucket_server_side_encryption_configuration", "encrypts"],
    ["aws_s3_bucket_acl", "ACL of"],
    ["aws_s3_bucket_ownership_controls", "ownership of"],
    ["aws_kms_key_policy", "policy of"],
    ["aws_kms_grant", "grant on"],
    ["aws_kms_alias", "names"],
  ]);
  return words.get(type) ?? "belongs to";
}

function linksOf(result: Result): (Link & { isLetIn: boolean })[] {
  const subject = subjectOf(result);
  const links = result.related
    .filter((address) => address !== result.address)
    .map((address) => {
      const [kind, own, other] = [kindOf(address), kindOf(result.address), subjectOf({ ...result, address })];
      // A key's related buckets are encrypted with it, and so are a bucket's related keys the other way round.
      if (kind === "bucket" && own === "key") return { from: subject, to: other, label: "encrypts", isLetIn: false };
      if (kind === "key") return { from: other, to: subject, label: "encrypts", isLetIn: false };
      return { from: other, to: subject, label: labelOf(typeOf(address)), isLetIn: false };
    });
  if (!result.counterexample || result.verdict !== "fail") return links;
  const { principal, action, context } = result.counterexample;
  const isPlain = Object.entries(context).some(
    ([key, value]) => key.toLowerCase() === "aws:securetransport" && value === "false",
  );
  return [
    ...links,
    {
      from: who(principal).replaceAll("`", ""),
      to: subject,
      label: `${line(action)}${isPlain ? " over plain HTTP" : ""}`,
      isLetIn: true,
    },
  ];
}

/** What hangs together, from the results and whatever else the caller knows. */
export function pictureOf(report: Report, options: RenderOptions = {}): Picture {
  const results = worstFirst(report.results);
  const subjects = [...new Set(results.map(subjectOf))];
  const drawn = new Set(subjects.slice(0, MOST_SUBJECTS));
  const nodes = new Map<string, PictureNode>();
  for (const address of drawn) {
    const own = results.filter((result) => subjectOf(result) === address);
    const [worst] = own;
    const blocking = own.filter((result) => isBlocking(result, options)).length;
    nodes.set(address, {
      name: address,
      kind: kindOf(address),
      blocking,
      ...(worst ? { verdict: worst.verdict } : {}),
    });
  }
  const links = new Map<string, Link & { isLetIn: boolean }>();
  const known = (options.links ?? []).map((link) => ({ ...link, isLetIn: false }));
  for (const link of [...results.flatMap(linksOf), ...known]) {
    if (!drawn.has(link.from) && !drawn.has(link.to)) continue;
    for (const name of [link.from, link.to])
      if (!nodes.has(name))
        nodes.set(name, { name, kind: link.isLetIn && name === link.from ? "caller" : kindOf(name), blocking: 0 });
    links.set(JSON.stringify([link.from, link.to, link.label]), link);
  }
  return { nodes: [...nodes.values()], links: [...links.values()], left: subjects.length - drawn.size };
}
