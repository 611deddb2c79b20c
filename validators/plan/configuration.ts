/** Turns the `configuration` section of a plan into JSON, module call by module call, sharing what is alike. */
import { asBuffer, skip } from "./forms";
import type { Json } from "./plan";
import { SKIP, type Visitor } from "./scan";

/** Bytes of module texts that are remembered, to be shared by calls of the same module. */
const REMEMBERED = 8 * 1024 * 1024;

type Draft = { [key: string]: Json };

/**
 * Reads `configuration` without parsing it as one value: a stack that calls one module a thousand times repeats the
 * module's text a thousand times, so equal texts become one shared value.
 */
export class ConfigurationReader {
  private root: Draft | undefined;
  private readonly shared = new Map<string, Json>();
  private remembered = 0;
  /** The last module: its bytes, from brace to brace. */
  private last: { readonly bytes: Buffer; readonly json: Json } | undefined;

  /** The visitor for the section. */
  visitor(): Visitor {
    const root = draft();
    this.root = root;
    return {
      kind: "object",
      member: (key) => {
        if (key === "root_module") return this.module(root, key);
        return key === "provider_config" ? into(root, key) : SKIP;
      },
    };
  }

  /** `{ provider_config, root_module }`; `null` where the section is missing. */
  result(): Json {
    return this.root ?? null;
  }

  private module(parent: Draft, name: string): Visitor {
    const module = draft();
    parent[name] = module;
    return {
      kind: "object",
      member: (key) => {
        switch (key) {
          case "resources": {
            const resources: Json[] = [];
            module[key] = resources;
            return {
              kind: "elements",
              done: (values) => {
                for (const value of values) resources.push(value);
              },
            };
          }
          case "module_calls": {
            const calls = draft();
            module[key] = calls;
            return { kind: "object", member: (call) => this.call(calls, call) };
          }
          case "variables":
          case "outputs":
            return into(module, key);
          default:
            return SKIP;
        }
      },
    };
  }

  private call(calls: Draft, name: string): Visitor {
    const call = draft();
    calls[name] = call;
    return {
      kind: "object",
      member: (key) =>
        key === "module"
          ? {
              kind: "text",
              take: (chunk, at) => {
                const end = this.endOfLast(asBuffer(chunk), at);
                if (end > 0) call[key] = this.last?.json ?? null;
                return end;
              },
              done: (text) => {
                call[key] = this.parse(text);
              },
            }
          : into(call, key),
    };
  }

  /** Where the module that begins at a byte ends, if it is the last one again, which is mostly so; else -1. */
  private endOfLast(bytes: Buffer, at: number): number {
    return this.last === undefined ? -1 : skip(bytes, at, this.last.bytes);
  }

  private parse(text: string): Json {
    const json = this.shared.get(text) ?? this.parseAfresh(text);
    // an object ends where its text ends; a number could go on
    const mayRepeat = text.startsWith("{") && text.length <= REMEMBERED;
    this.last = mayRepeat ? { bytes: Buffer.from(text), json } : undefined;
    return json;
  }

  private parseAfresh(text: string): Json {
    const json: Json = JSON.parse(text);
    if (this.remembered + text.length <= REMEMBERED) {
      this.shared.set(text, json);
      this.remembered += text.length;
    }
    return json;
  }
}

/** An object that keys of strangers can't turn into anything else: it has no prototype. */
const draft = (): Draft => Object.create(null);

const into = (parent: Draft, key: string): Visitor => ({
  kind: "value",
  done: (value) => {
    parent[key] = value;
  },
});
