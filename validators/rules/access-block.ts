/** Turns public access blocks into the state of one flag on one bucket. */
import { all, any, type Gap, type Truth } from "../kernel/index";
import type { AccessBlock, Bucket, Companion } from "../model/graph";
import { gapsOf, isSet } from "./values";

/** A public access block, or none. */
export type Block = Companion<AccessBlock> | undefined;

/** A flag of one block; without a block every flag is off. */
export const flagOf = (block: Block, flag: keyof AccessBlock): Truth => (block ? isSet(block.content[flag]) : "no");

/** Whether `flag` is on for a bucket, whichever of its blocks wins. */
export function accessBlockFlag(bucket: Bucket, flag: keyof AccessBlock): Truth {
  const whicheverWins = ({ linked, unlinked }: Bucket["accessBlocks"]): Truth => {
    if (linked.length > 0) return all(linked.map((block) => flagOf(block, flag)));
    return unlinked.some((block) => flagOf(block, flag) !== "no") ? "unknown" : "no";
  };
  return any([whicheverWins(bucket.accessBlocks), whicheverWins(bucket.accountAccessBlocks)]);
}

/** The values that decide a flag which `accessBlockFlag` can't tell. */
export const accessBlockGaps = (bucket: Bucket, flag: keyof AccessBlock): readonly Gap[] =>
  [bucket.accessBlocks, bucket.accountAccessBlocks].flatMap(({ linked, unlinked }) => [
    ...linked
      .filter((block) => flagOf(block, flag) === "unknown")
      .flatMap((block) => gapsOf(block.content[flag], `${block.address}.${flag}`)),
    ...unlinked.map((block) => block.gap),
  ]);
