/** Turns waivers and results into waived results, and says which waivers are expired, unused or too broad. */
import type { Notice, Result } from "../kernel/index";
import type { Waiver } from "./config";

/** Whether `address` is one that a waiver names; `*` stands for anything, and nothing else is special. */
export function isCovered(address: string, pattern: string): boolean {
  const pieces = pattern.split("*");
  const [first = "", ...rest] = pieces;
  if (rest.length === 0) return address === pattern;
  if (!address.startsWith(first)) return false;
  let from = first.length;
  const last = rest.pop() ?? "";
  for (const piece of rest) {
    const at = address.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return address.length - last.length >= from && address.endsWith(last);
}

/** A waiver, and whether it stands for every instance of its resource as well (`b` for `b[0]`, `b["x"]`). */
export type GivenWaiver = Waiver & { readonly instances?: true };

const covers = (waiver: GivenWaiver, { rule, address }: Result, input: string): boolean =>
  waiver.rule === rule &&
  (waiver.input === undefined || isCovered(input, waiver.input)) &&
  (isCovered(address, waiver.address) || (waiver.instances === true && address.startsWith(`${waiver.address}[`)));

/** A waiver may not cover more subjects than this without a remark: it hides what nobody looked at. */
const BROAD = 10;

/**
 * Applies waivers to the results of one input as of a day (`YYYY-MM-DD`, inclusive). Expired ones waive nothing. `uses`:
 * how many results each covers.
 */
export function applyWaivers(
  results: readonly Result[],
  waivers: readonly GivenWaiver[],
  today: string,
  input = "",
): { results: Result[]; uses: number[] } {
  const uses = waivers.map(() => 0);
  const waived = results.map((result): Result => {
    if (result.verdict !== "fail" && result.verdict !== "undecided") return result;
    let valid: GivenWaiver | undefined;
    for (const [index, waiver] of waivers.entries()) {
      if (!covers(waiver, result, input)) continue;
      uses[index] = (uses[index] ?? 0) + 1;
      if (waiver.expires >= today) valid ??= waiver;
    }
    if (!valid) return result;
    const { reason, owner, expires } = valid;
    return { ...result, verdict: "waived", waiver: { reason, owner, expires, verdict: result.verdict } };
  });
  return { results: waived, uses };
}

/** What is to be said of waivers that cover nothing, have expired, or cover too much; `uses` by their index. */
export const remarksOnWaivers = (waivers: readonly GivenWaiver[], uses: readonly number[], today: string): Notice[] =>
  waivers.flatMap((waiver, index): Notice[] => {
    const count = uses[index] ?? 0;
    const where = waiver.input === undefined ? "" : ` in \`${waiver.input}\``;
    const name = `waiver of \`${waiver.rule}\` for \`${waiver.address}\`${where} (${waiver.owner})`;
    if (count === 0) return [{ message: `${name} matches nothing: remove it`, rule: waiver.rule }];
    if (waiver.expires < today)
      return [{ message: `${name} expired on ${waiver.expires} and waives nothing`, rule: waiver.rule }];
    if (count > BROAD || waiver.address.replaceAll("*", "") === "")
      return [
        { message: `${name} is broad: it covers ${count} ${count === 1 ? "result" : "results"}`, rule: waiver.rule },
      ];
    return [];
  });
