/** Turns an instance's configuration into the place in the user's code. */
import type { SourceLocation } from "../kernel/result";
import type { Instance } from "./shape";

/** Where an instance's resource was written; `undefined` where the source doesn't tell. */
export function sourceOf({ config }: Instance): SourceLocation | undefined {
  if (config?.position === undefined) return undefined;
  const { file, line } = config.position;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(config.construct === undefined ? {} : { construct: config.construct }),
  };
}
