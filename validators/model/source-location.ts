/** Turns an instance's configuration into the place in the user's code. */
import type { SourceLocation } from "../kernel/result";
import type { Position } from "../source/index";

/** Where a resource or module call was written; `undefined` where the source doesn't tell. */
export function sourceOf({
  config,
}: {
  readonly config?: { readonly position?: Position; readonly construct?: string } | undefined;
}): SourceLocation | undefined {
  if (config?.position === undefined) return undefined;
  const { file, line } = config.position;
  return {
    file,
    ...(line === undefined ? {} : { line }),
    ...(config.construct === undefined ? {} : { construct: config.construct }),
  };
}
