/** Turns a file of any size into its digest. */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { InputError } from "../kernel/index";
import { messageOf } from "./plain";

/** SHA-256 of a file, hexadecimal, whatever its size. @throws InputError when it can't be read. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk);
  } catch (error) {
    throw new InputError(`\`${path}\` can't be read: ${messageOf(error)}`);
  }
  return hash.digest("hex");
}
