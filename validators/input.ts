/** Turns a path into what is judged: opens files, tells what they are, and finds the source behind a plan. */
import { closeSync, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, normalize } from "node:path";
import { type Digest, NO_DIGEST, sha256 } from "./cryptography";
import { naming, readBounded, windowsOf, withDescriptor } from "./file-bytes";
import { InputError, type InputSummary, type Notice } from "./kernel/index";
import { filesFor } from "./made-by";
import { checkMemory } from "./memory";
import { WANTED_TYPES } from "./model/index";
import { detectKind, type Json, type Plan, type ReadOptions, readJson, readJsonText, readPlan } from "./plan/index";
import { collect, MOST_SOURCE_BYTES, othersBeside, ProjectFiles } from "./project-files";
import {
  fromArchive,
  fromHcl,
  fromStack,
  fromSynthesized,
  loadParser,
  type Module,
  ParserMissing,
  type ReadableFiles,
  type SourceFiles,
} from "./source/index";

/** An input, read. `plan` for plan and state JSON and binary plans; without it `source` alone is judged. */
export interface Input {
  readonly summary: Omit<InputSummary, "resources">;
  readonly plan?: Plan;
  readonly source?: Module;
  readonly notices: readonly Notice[];
  /** Of a binary plan: SHA-256 of the JSON that it was shown as, hexadecimal. */
  readonly planJsonSha256?: string;
  /** Of a directory: SHA-256 of its configuration and of what was read besides until it is called. */
  readonly digest?: () => string;
  /** The synthesized JSON itself, with what `waive()` noted in it, and its name. */
  readonly synthesized?: { readonly json: Json; readonly file: string; readonly path?: string };
}

/** How a binary plan is shown and looked into; the gate's, so that only it starts processes. */
export interface PlanFiles {
  /** Calls `read` with a descriptor of a private file that holds `terraform show -json PLANFILE`, gone afterwards. */
  withShown<T>(path: string, read: (shown: number) => T): Promise<T>;
  /** The text entries of the plan file's archive. */
  archive(path: string): Promise<ReadonlyMap<string, string>>;
  /** Whether nobody will look at the digest of plan, state or synthesized JSON: it is empty text then. Default: somebody will. */
  readonly isUndigested?: boolean;
  /** Called with the number of bytes that are read so far. */
  onRead?(bytes: number): void;
  /** The bytes of a remote object, `undefined` where there is none; absent where only files are read. */
  remote?(uri: string): Iterable<Uint8Array> | undefined;
}

/** Whether a path is no file's but an object's, `s3://BUCKET/KEY`. */
export const isRemote = (path: string): boolean => path.startsWith("s3://");

/** The first window and then the rest, so that the kind can be told before anything is read for good. */
function* withFirst(first: Uint8Array, rest: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield first;
  yield* rest;
}

/** How plans are read: what the model asks for, one stand-in for what is alike, and an eye on the memory. */
const READING: ReadOptions = { wanted: WANTED_TYPES, standIns: true, onStep: () => checkMemory() };

/** Reads whatever INPUT is (README.md). `sources` are the paths of `--source`. */
export async function readInput(path: string, sources: readonly string[], files: PlanFiles): Promise<Input> {
  const hash = files.isUndigested ? NO_DIGEST : sha256();
  if (isRemote(path)) return await readBytes(path, hashed(objectAt(path, files), hash), hash, sources, files);
  if (path !== "-" && naming(path, () => statSync(path)).isDirectory()) return readDirectory(path);
  const descriptor = path === "-" ? 0 : naming(path, () => openSync(path, "r"));
  try {
    return await readBytes(path, windowsOf(descriptor, hash, null, files.onRead), hash, sources, files);
  } finally {
    if (descriptor !== 0) closeSync(descriptor);
  }
}

async function readBytes(
  path: string,
  windows: Generator<Uint8Array>,
  hash: Digest,
  sources: readonly string[],
  files: PlanFiles,
): Promise<Input> {
  const first = naming(path, () => windows.next());
  const head = first.done === true ? Buffer.alloc(0) : Buffer.from(first.value);
  const kind = detectKind(head.subarray(0, 1 << 16));
  const bytes = withFirst(head, windows);
  if (kind === "synth") {
    const stack = await withFolder(readSynthesized(path, bytes, hash), path);
    return { ...stack, notices: readBesides(path) };
  }
  if (kind === "binary-plan") return await readBinary(path, sources, files);
  return await readPlanJson(path, bytes, hash, sources, files);
}

/** A remote object's bytes. */
function objectAt(uri: string, files: PlanFiles): Iterable<Uint8Array> {
  const { remote } = files;
  if (!remote) throw new InputError(`${uri}: expected a file, found an object: only the command \`check\` reads those`);
  const bytes = naming(uri, () => remote(uri));
  if (bytes === undefined) throw new InputError(`${uri}: there is no such object`);
  return bytes;
}

function* hashed(bytes: Iterable<Uint8Array>, hash: Digest): Generator<Uint8Array> {
  for (const window of bytes) {
    hash.update(window);
    yield window;
  }
}

/** Bytes that are read only as long as there is memory for what is kept of them. */
function* guarded(bytes: Iterable<Uint8Array>): Generator<Uint8Array> {
  for (const window of bytes) {
    checkMemory();
    yield window;
  }
}

async function readPlanJson(
  path: string,
  bytes: Iterable<Uint8Array>,
  hash: Digest,
  sources: readonly string[],
  files: PlanFiles,
): Promise<Input> {
  const plan = naming(path, () => readPlan(guarded(bytes), READING));
  return {
    summary: summaryOf(path, plan, hash.digest("hex")),
    plan,
    ...(await readSources(path, sources, files, plan)),
  };
}

const summaryOf = (path: string, plan: Plan, digest: string): Input["summary"] => ({
  path: shown(path),
  kind: plan.kind,
  sha256: digest,
  formatVersion: plan.formatVersion,
  ...(plan.terraformVersion === undefined ? {} : { terraformVersion: plan.terraformVersion }),
});

/** Reports name an input as the user did, but never by a machine's folders: the same bytes wherever it runs. */
const shown = (path: string): string => (path === "-" ? "-" : basename(normalize(path)));

function readSynthesized(path: string, bytes: Iterable<Uint8Array>, hash: Digest): Input {
  const json = naming(path, () => readJson(bytes));
  const source = naming(path, () => fromSynthesized(json, shown(path)));
  const synthesized = { json, file: shown(path), ...(isRemote(path) ? {} : { path }) };
  return {
    summary: { path: shown(path), kind: "synth", sha256: hash.digest("hex") },
    source,
    synthesized,
    notices: [],
  };
}

/** Reads plan, state or synthesized JSON that is already in memory: text, bytes, or what `JSON.parse` gave. */
export function readContent(content: string | Uint8Array | object, name: string): Input {
  const bytes =
    content instanceof Uint8Array
      ? content
      : Buffer.from(typeof content === "string" ? content : JSON.stringify(content));
  const hash = sha256();
  hash.update(bytes);
  if (detectKind(bytes.subarray(0, 1 << 16)) === "synth") return readSynthesized(name, [bytes], hash);
  const plan = naming(name, () => readPlan([bytes], READING));
  return { summary: summaryOf(name, plan, hash.digest("hex")), plan, notices: [] };
}

async function readBinary(path: string, sources: readonly string[], files: PlanFiles): Promise<Input> {
  if (path === "-") throw new InputError("-: a binary plan can't come from standard input: give its path");
  if (isRemote(path))
    throw new InputError(
      `${path}: a binary plan is shown by Terraform from a file: put the output of \`terraform show -json\` there`,
    );
  const digest = naming(path, () => digestOf(path)); // of the plan file, not of what it is shown as
  const jsonHash = sha256();
  const plan = await files.withShown(path, (shownPlan) =>
    naming(path, () => readPlan(guarded(windowsOf(shownPlan, jsonHash, 0)), READING)),
  );
  const archive = sources.length > 0 ? undefined : await files.archive(path);
  // It is read three times, by two programs: all must have seen one plan.
  if (naming(path, () => digestOf(path)) !== digest)
    throw new InputError(`${path}: the plan changed while it was judged: judge it again`);
  const shared = { summary: summaryOf(path, plan, digest), plan, planJsonSha256: jsonHash.digest("hex") };
  if (archive === undefined) {
    const { notices, ...read } = await readSources(path, sources, files, plan);
    return { ...shared, ...read, notices: [...notices, SOURCE_INSTEAD] };
  }
  await loadRuntime();
  const source = fromArchive(archive);
  const entry = archive.get("tfconfig/m-/cdk.tf.json");
  const synthesized =
    entry === undefined ? undefined : { json: naming(path, () => readJsonText(entry)), file: "cdk.tf.json" };
  return { ...shared, ...(source ? { source } : {}), ...(synthesized ? { synthesized } : {}), notices: [] };
}

const SOURCE_INSTEAD: Notice = {
  message: "`--source` was read in place of the code that the plan file holds, and is not compared with it",
};

function digestOf(path: string): string {
  const hash = sha256();
  withDescriptor(path, (descriptor) => {
    for (const _ of windowsOf(descriptor, hash));
  });
  return hash.digest("hex");
}

async function readDirectory(path: string): Promise<Input> {
  const synthesized = join(path, "cdk.tf.json");
  const isStack = existsSync(synthesized);
  if (isStack && othersBeside(synthesized).length === 0)
    return await withFolder(
      readContent(
        naming(synthesized, () => readBounded(synthesized, MOST_SOURCE_BYTES)),
        synthesized,
      ),
      synthesized,
    );
  const collected = collect(path);
  if (collected.size === 0)
    throw new InputError(`${path}: expected a directory with \`.tf\` or \`.tf.json\` files, found none`);
  const readable = new ProjectFiles(path, collected);
  const source = await readSource(path, collected, undefined, readable);
  const digest = () => readable.digestWith(collected);
  const json = isStack ? naming(synthesized, () => readJsonText(collected.get("cdk.tf.json") ?? "")) : undefined;
  return {
    summary: { path: shown(path), kind: "source", sha256: digest() },
    source,
    ...(json === undefined ? {} : { synthesized: { json, file: "cdk.tf.json", path: synthesized } }),
    digest,
    notices: [],
  };
}

/** Synthesized JSON with all that Terraform reads in the folder where it lies: other configuration, modules, a stack's assets. */
async function withFolder<T extends Source>(input: T, path: string, plan?: Plan): Promise<T> {
  const { source, synthesized } = input;
  if (source === undefined || synthesized === undefined || path === "-" || isRemote(path)) return input;
  const folder = dirname(path);
  if (othersBeside(path).length > 0) return { ...input, source: await readSource(folder, collect(folder), plan) };
  if (source.calls.size === 0) return { ...input, source: { ...source, files: new ProjectFiles(folder) } };
  const sources = [...source.calls.values()].map((call) => call.source).filter((one) => /^\.\.?\//.test(one));
  const collected = collect(folder, sources);
  if (collected.size > 0) await loadRuntime();
  const { json, file } = synthesized;
  const files = new ProjectFiles(folder, collected);
  return { ...input, source: naming(path, () => fromStack(json, file, filesFor(plan, collected), files)) };
}

type Source = Pick<Input, "source" | "synthesized">;

/** What to say where one file is named, and others are read with it. */
function readBesides(path: string): readonly Notice[] {
  const names = path === "-" || isRemote(path) ? [] : othersBeside(path);
  if (names.length === 0) return [];
  const others = names.length > 3 ? [...names.slice(0, 3).map(quoted), `${names.length - 3} more`] : names.map(quoted);
  return [{ message: `read with \`${shown(path)}\`, as Terraform does: ${others.join(", ")} beside it` }];
}

const quoted = (name: string): string => `\`${name}\``;

/** The source behind a plan: what `--source` names, else what lies beside it. */
async function readSources(
  input: string,
  sources: readonly string[],
  files: PlanFiles,
  plan: Plan,
): Promise<Source & Pick<Input, "notices">> {
  if (sources.length > 1)
    throw new InputError(`--source: expected one file or directory for one plan, found ${sources.length}`);
  const [named] = sources;
  if (named !== undefined && isRemote(named)) return { ...sourceOf(named, objectAt(named, files)), notices: [] };
  if (named !== undefined)
    return {
      ...(await readNamed(named, plan)),
      notices: naming(named, () => statSync(named)).isFile() ? readBesides(named) : [],
    };
  if (input === "-") return { notices: [] };
  const beside = dirname(input);
  const synthesized = join(beside, "cdk.tf.json");
  try {
    if (isRemote(input)) {
      const uri = `${input.slice(0, input.lastIndexOf("/"))}/cdk.tf.json`;
      const bytes = naming(uri, () => files.remote?.(uri));
      return { ...(bytes === undefined ? {} : sourceOf(uri, bytes)), notices: [] };
    }
    if (existsSync(synthesized)) return { ...(await readNamed(synthesized, plan)), notices: [] };
    const collected = collect(beside);
    return collected.size > 0 ? { source: await readSource(beside, collected, plan), notices: [] } : { notices: [] };
  } catch (error) {
    // Nobody asked for this file: a plan is judged without it rather than not at all.
    if (!(error instanceof InputError)) throw error;
    return { notices: [{ message: `the source beside the plan was left out: ${error.message}` }] };
  }
}

/** Synthesized JSON as the source of a plan. */
function sourceOf(path: string, bytes: Iterable<Uint8Array>): Required<Source> {
  const json = naming(path, () => readJson(bytes));
  return { source: naming(path, () => fromSynthesized(json, shown(path))), synthesized: { json, file: shown(path) } };
}

async function readNamed(path: string, plan: Plan): Promise<Source> {
  if (naming(path, () => statSync(path)).isDirectory()) {
    const synthesized = join(path, "cdk.tf.json");
    if (existsSync(synthesized)) return readNamed(synthesized, plan);
    const collected = collect(path);
    if (collected.size === 0) throw new InputError(`${path}: expected \`.tf\` or \`.tf.json\` files, found none`);
    return { source: await readSource(path, collected, plan) };
  }
  const bytes = naming(path, () => readBounded(path, MOST_SOURCE_BYTES));
  const found = sourceOf(path, [bytes]);
  return await withFolder({ ...found, synthesized: { ...found.synthesized, path } }, path, plan);
}

async function readSource(
  directory: string,
  collected: SourceFiles,
  plan: Plan | undefined,
  readable: ReadableFiles = new ProjectFiles(directory, collected),
): Promise<Module> {
  return await withParser(() => naming(directory, () => fromHcl(filesFor(plan, collected), "", readable)));
}

/** Loads the HCL parser: beside the bundle, else from the packages. */
export async function loadRuntime(): Promise<void> {
  const bytes = (name: string, packaged: string) => {
    const beside = join(__dirname, name);
    return readFileSync(existsSync(beside) ? beside : require.resolve(packaged));
  };
  await loadParser({
    runtime: bytes("web-tree-sitter.wasm", "web-tree-sitter/web-tree-sitter.wasm"),
    language: bytes("tree-sitter-terraform.wasm", "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-terraform.wasm"),
  });
}

/** Does work that may need the HCL parser, which is loaded only then: most plans don't, and it costs as much as all the rest. */
export async function withParser<T>(work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ParserMissing)) throw error;
    await loadRuntime();
    return work();
  }
}
