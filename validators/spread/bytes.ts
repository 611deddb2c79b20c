/**
 * Turns objects that the main thread fetches as they come into bytes that a thread reads like a file: the thread sleeps
 * until there are more, and a few windows at most are on their way.
 */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { InputError } from "../kernel/index";
import type { Store } from "./store";

/** Bytes that are sent at a time: enough to tell what an input is. */
const WINDOW = 256 << 10;
/** Windows that are sent ahead of what is read. */
const AHEAD = 4;

/** What a thread asks for. */
type Request =
  | { readonly id: number; readonly open: string }
  | { readonly id: number; readonly more: true }
  | { readonly id: number; readonly close: true };

/** What it is sent. */
type Answer = { readonly id: number } & (
  | { readonly chunk: Uint8Array }
  | { readonly end: true }
  | { readonly missing: true }
  | { readonly refused: string }
  | { readonly fault: string }
);

let lastId = 0;

/** The bytes of an object, in a thread; `undefined` where there is none. @throws InputError where it can't be read. */
export function bytesOf(uri: string, port: MessagePort, signal: Int32Array): Iterable<Uint8Array> | undefined {
  const id = ++lastId;
  ask(port, { id, open: uri });
  const first = next(id, port, signal);
  if ("missing" in first) return undefined;
  return windows(first, id, port, signal);
}

const ask = (port: MessagePort, request: Request): void => port.postMessage(request);

function* windows(first: Answer, id: number, port: MessagePort, signal: Int32Array): Generator<Uint8Array> {
  try {
    for (let answer = first; "chunk" in answer; answer = next(id, port, signal)) {
      yield answer.chunk;
      ask(port, { id, more: true });
    }
  } finally {
    ask(port, { id, close: true });
  }
}

/** The next answer; sleeps until it is there. What is left of an object that nobody reads any more is passed over. */
function next(id: number, port: MessagePort, signal: Int32Array): Answer {
  for (;;) {
    const seen = Atomics.load(signal, 0);
    const received = receiveMessageOnPort(port);
    if (received === undefined) {
      Atomics.wait(signal, 0, seen);
      continue;
    }
    const answer: Answer = received.message;
    if (answer.id !== id) continue;
    if ("refused" in answer) throw new InputError(answer.refused);
    if ("fault" in answer) throw new Error(answer.fault);
    return answer;
  }
}

/** How far a thread is with an object. */
interface Reading {
  room: number;
  isClosed: boolean;
  wake(): void;
}

/** Serves a thread's requests in the main thread; gives what ends it. */
export function serveBytes(port: MessagePort, signal: Int32Array, store: () => Promise<Store>): () => void {
  const readings = new Map<number, Reading>();
  const answer = (content: Answer): void => {
    port.postMessage(content);
    Atomics.add(signal, 0, 1);
    Atomics.notify(signal, 0);
  };
  port.on("message", (request: Request) => {
    const reading = readings.get(request.id);
    if ("open" in request) {
      const started: Reading = { room: AHEAD, isClosed: false, wake: () => undefined };
      readings.set(request.id, started);
      send(request.id, request.open, started, store, answer).finally(() => readings.delete(request.id));
    } else if (reading !== undefined) {
      if ("more" in request) reading.room += 1;
      else reading.isClosed = true;
      reading.wake();
    }
  });
  return () => port.close();
}

/** Sends one object, as fast as it is read. */
async function send(
  id: number,
  uri: string,
  reading: Reading,
  store: () => Promise<Store>,
  answer: (content: Answer) => void,
): Promise<void> {
  try {
    const body = await (await store()).open(uri);
    if (body === undefined) return answer({ id, missing: true });
    for await (const chunk of gathered(body)) {
      while (reading.room === 0 && !reading.isClosed)
        await new Promise<void>((resolve) => {
          reading.wake = resolve;
        });
      // Leaving the loop ends the download.
      if (reading.isClosed) return;
      reading.room -= 1;
      answer({ id, chunk });
    }
    answer({ id, end: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    answer(error instanceof InputError ? { id, refused: message } : { id, fault: message });
  }
}

/** Larger pieces of small ones. */
async function* gathered(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of body) {
    pieces.push(piece);
    size += piece.length;
    if (size < WINDOW) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    size = 0;
  }
  if (size > 0) yield Buffer.concat(pieces);
}
