/** Turns the arguments of `check`, lists of paths and S3 prefixes into the inputs that are meant. */
import { readFileSync } from "node:fs";
import { isRemote } from "../input";
import { InputError } from "../kernel/index";
import { encodingOf } from "../plan/index";
import { reasonOf } from "../reason";

/** More inputs than this are a mistake, such as the prefix of a whole data lake: a fleet of them goes through the stack. */
const MOST_INPUTS = 100_000;

/** How the objects below a prefix are found. */
export interface Listing {
  /** The URIs of all objects below `s3://BUCKET/PREFIX/`. */
  list(prefix: string): AsyncIterable<string>;
}

/**
 * Every path that is meant, in the order given. `list` names a file with one path a line (`-` for standard input), or
 * with NUL between them as `find -print0` writes it. An S3 URI that ends in `/` stands for each `.json` object below it
 * except `cdk.tf.json`, which is the source of what lies beside it.
 * @throws InputError where a list can't be read, and where nothing is meant.
 */
export async function inputsOf(
  given: readonly string[],
  list: string | undefined,
  s3: () => Promise<Listing>,
): Promise<string[]> {
  if (list === "-" && given.includes("-"))
    throw new InputError("--inputs -: standard input can't be a list of inputs and an input at once");
  const paths: string[] = [];
  for (const path of [...given, ...(list === undefined ? [] : listed(list))]) {
    if (!isRemote(path) || !path.endsWith("/")) paths.push(path);
    else paths.push(...(await below(path, await s3())));
    if (paths.length > MOST_INPUTS)
      throw new InputError(`expected at most ${MOST_INPUTS} inputs in one run, found more: judge them in parts`);
  }
  return paths;
}

function listed(file: string): string[] {
  let text: string;
  try {
    text = textOf(readFileSync(file === "-" ? 0 : file));
  } catch (error) {
    throw new InputError(`--inputs ${file}: ${reasonOf(error)}`);
  }
  const paths = text.split(text.includes("\0") ? "\0" : /\r?\n/).filter((path) => path.trim() !== "");
  if (paths.length === 0) throw new InputError(`--inputs ${file}: expected one path a line, found none`);
  return paths;
}

/** Text as PowerShell writes it has a byte-order mark. Without one it is UTF-8: a NUL may stand behind a name of one letter. */
function textOf(bytes: Buffer): string {
  const { name, mark } = encodingOf(bytes);
  return mark === 0 ? bytes.toString("utf8") : new TextDecoder(name).decode(bytes.subarray(mark));
}

async function below(prefix: string, s3: Listing): Promise<string[]> {
  const uris: string[] = [];
  try {
    for await (const uri of s3.list(prefix)) {
      if (isPlanObject(uri)) uris.push(uri);
      if (uris.length > MOST_INPUTS) break;
    }
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${prefix}: ${error.message}`) : error;
  }
  if (uris.length === 0) throw new InputError(`${prefix}: expected plans or states (\`.json\`) below it, found none`);
  return uris;
}

/** Whether an object's name is that of a plan or state, by the convention of prefixes: `.json`, and no source. */
export const isPlanObject = (key: string): boolean => key.endsWith(".json") && !/(?:^|\/)cdk\.tf\.json$/.test(key);
