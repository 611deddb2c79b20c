/** Turns `ORACLE_RUNS` and `ORACLE_SEED` into how many policies property tests look at, and from which seed. */

/** Policies a question. */
export const runs = Number(process.env.ORACLE_RUNS ?? "2000");

const wanted = process.env.ORACLE_SEED ?? "20261124";

/** The seed: a fixed one, the one asked for, or with `fresh` another one each time. */
export const seed = wanted === "fresh" ? Date.now() % 2 ** 31 : Number(wanted);
