/** Says what a condition key can be in the requests of a question, whoever calls. */
import { domainOfKey, type KeyDomain, type Situation } from "./keys";
import type { Pattern } from "./pattern";

/** What a key can be. */
export interface Reach {
  /** Some of the texts that it can be: all of them, unless it `isOpen`. */
  readonly values: readonly string[];
  readonly isOpen: boolean;
  /** What its other texts look like, as far as that is known. */
  readonly domains: readonly Pattern[];
}

/** Keys that tell who calls, or for whom. */
const OF_CALLERS =
  /^(aws:(principal(arn|account|servicename.*)|userid|username|source(arn|account|owner|orgid|orgpaths))|kms:(calleraccount|encryptioncontext:.*))$/;
const UNKNOWN: Reach = { values: [], isOpen: true, domains: [] };

/** What a key can be in some situations, which differ in everything but the very caller. */
export function reachIn(key: string, situations: Iterable<Situation>): Reach {
  if (OF_CALLERS.test(key)) return UNKNOWN;
  const values = new Set<string>();
  const domains = new Set<Pattern>();
  let isOpen = false;
  const add = (domain: KeyDomain): void => {
    switch (domain.kind) {
      case "absent":
        return;
      case "fixed":
        values.add(domain.value);
        return;
      case "choice":
        for (const value of domain.values) values.add(value);
        return;
      case "typed":
        isOpen = true;
        return;
      case "text":
        isOpen = true;
        domains.add(domain.domain);
        return;
      default:
        domain satisfies never;
    }
  };
  for (const situation of situations) add(domainOfKey(key, situation));
  return { values: [...values], isOpen, domains: [...domains] };
}
