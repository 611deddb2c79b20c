/** Turns S3 URIs into the objects' bytes, with the AWS SDK where it is installed beside Tollgate. */
import { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import { InputError } from "../kernel/index";
import type { Store } from "./store";

/** S3 as a store that can be written to as well. */
export interface S3Store extends Store {
  /** Puts a whole object, encrypted with this KMS key. @throws InputError where S3 refuses it. */
  put(uri: string, text: string, kmsKey: string): Promise<void>;
}

/** Milliseconds without a byte after which none is expected any more: S3 begins to answer in fractions of a second. */
const PATIENCE = 60_000;

type Sdk = typeof import("@aws-sdk/client-s3");

/** A bucket and a key. */
export interface ObjectAddress {
  readonly Bucket: string;
  readonly Key: string;
}

/** `s3://BUCKET/KEY` in its parts. @throws InputError for anything else; whoever calls names the URI. */
export function addressOf(uri: string): ObjectAddress {
  const [, Bucket, Key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.*)$/s.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined || Key === "") throw new InputError("expected `s3://BUCKET/KEY`");
  return { Bucket, Key };
}

/**
 * S3 as a store. Region and credentials are those that the SDK finds (environment, profile, role); `AWS_ENDPOINT_URL` is
 * honoured. Nothing is waited for longer than `patience`, in milliseconds. @throws InputError where the SDK isn't installed.
 */
export async function s3Store(patience = PATIENCE): Promise<S3Store> {
  const sdk = await loadSdk();
  const hasEndpoint = Boolean(process.env.AWS_ENDPOINT_URL_S3 || process.env.AWS_ENDPOINT_URL);
  const client = new sdk.S3Client({ followRegionRedirects: true, ...(hasEndpoint ? { forcePathStyle: true } : {}) });
  return storeOf(sdk, client, patience);
}

/** Loaded by a name that the bundler doesn't follow: it is several times as large as Tollgate, and most runs read files. */
async function loadSdk(): Promise<Sdk> {
  const name = "@aws-sdk/client-s3";
  // Which Node.js the SDK will want next year is for whoever installs it; standard error holds what is wrong with the input.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  try {
    return await import(name);
  } catch {
    throw new InputError(`reading from S3 needs the package \`${name}\`: install it beside tollgate`);
  }
}

function storeOf(sdk: Sdk, client: S3Client, patience: number): S3Store {
  return {
    async open(uri) {
      const address = addressOf(uri);
      try {
        const { signal, giveUp } = ending();
        const answer = client.send(new sdk.GetObjectCommand(address), { abortSignal: signal });
        const { Body } = await within(patience, answer, giveUp);
        // In Node.js it is a stream, which other platforms that the SDK serves don't have.
        return Body instanceof Readable ? readable(Body, patience) : undefined;
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        throw refused(error);
      }
    },
    async put(uri, text, kmsKey) {
      const encrypted = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey } as const;
      try {
        const { signal, giveUp } = ending();
        const object = { ...addressOf(uri), Body: text, ...encrypted };
        await within(patience, client.send(new sdk.PutObjectCommand(object), { abortSignal: signal }), giveUp);
      } catch (error) {
        throw refused(error);
      }
    },
    async *list(prefix) {
      const { Bucket, Key } = addressOf(`${prefix}.`);
      const { signal, giveUp } = ending();
      const listed = { Bucket, Prefix: Key.slice(0, -1) };
      const pages = sdk.paginateListObjectsV2({ client }, listed, { abortSignal: signal });
      try {
        for await (const { Contents = [] } of unbroken(pages, patience, giveUp))
          for (const object of Contents) if (object.Key !== undefined) yield `s3://${Bucket}/${object.Key}`;
      } catch (error) {
        throw refused(error);
      }
    },
  };
}

/** A connection that breaks off in the middle, or falls silent, is an input that can't be read. */
async function* readable(body: Readable, patience: number): AsyncGenerator<Uint8Array> {
  try {
    yield* unbroken<Uint8Array>(body, patience, () => body.destroy());
  } catch (error) {
    throw refused(error);
  }
}

/** The items as they come. Only what is waited for is timed: whoever takes them may take their time. */
async function* unbroken<T>(items: AsyncIterable<T>, patience: number, giveUp: () => void): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await within(patience, iterator.next(), giveUp);
      if (done) break;
      yield value;
    }
    isOver = true;
  } finally {
    if (!isOver) giveUp();
  }
}

/** What ends a request from outside. */
function ending(): { readonly signal: AbortSignal; giveUp(): void } {
  const controller = new AbortController();
  return { signal: controller.signal, giveUp: () => controller.abort() };
}

/** What is waited for, unless it takes longer than `patience`: then the waiting is given up. */
async function within<T>(patience: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(new InputError(`S3 has said nothing for ${patience / 1000} seconds: try again`));
      giveUp();
    }, patience);
  });
  try {
    return await Promise.race([work, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function refused(error: unknown): InputError {
  if (error instanceof InputError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new InputError(`S3 refuses it: ${name}: ${message.split("\n")[0] ?? ""}`);
}
