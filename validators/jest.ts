/** Turns plans and synthesized stacks into jest assertions: `import "tollgate/jest"` once in a test file or set-up file. */
import { checkContent } from "./check";
import type { CheckOptions } from "./check-options";
import { loadRuntime } from "./input";
import type { Report, Result } from "./kernel/index";
import { render } from "./report/text";
import { RULES } from "./rules/index";
import { isStack, synthesized } from "./stack";

/** What an expected finding must look like. */
export interface Expected {
  /** Address of the subject. */
  readonly at?: string;
  /** Part of the message, or a pattern that it matches. */
  readonly because?: string | RegExp;
}

interface Matchers<R> {
  /**
   * The plan, state or synthesized JSON (text or object), or a CDKTF or CDK Terrain stack, passes every rule. `allowUndecided` lets pass what only a plan
   * or an apply can decide: the usual choice for synthesized stacks.
   */
  toPassGate(options?: CheckOptions & { readonly allowUndecided?: boolean }): R;
  /** It breaks this rule, at this address if one is given. */
  toBreakRule(rule: string, expected?: Expected, options?: CheckOptions): R;
}

declare global {
  namespace jest {
    interface Matchers<R> {
      toPassGate(options?: CheckOptions & { readonly allowUndecided?: boolean }): R;
      toBreakRule(rule: string, expected?: Expected, options?: CheckOptions): R;
    }
  }
}

export type { Matchers };

interface Outcome {
  readonly pass: boolean;
  message(): string;
}

function contentOf(received: unknown): string | object {
  if (isStack(received)) return synthesized(received);
  if (typeof received === "string" || (typeof received === "object" && received !== null)) return received;
  throw new TypeError(
    `expected plan, state or synthesized JSON as text or object, or a stack, found ${typeof received}`,
  );
}

const judged = (received: unknown, options: CheckOptions): Report =>
  // A test says what it wants: the configuration of the working directory doesn't apply unless it is asked for.
  checkContent(contentOf(received), "received", { config: {}, ...options });

/**
 * Matchers for `expect.extend`. `received` is a stack of CDKTF or CDK Terrain, or JSON as text or parsed: a plan, a state or
 * `cdk.tf.json`.
 */
export const matchers = {
  toPassGate(received: unknown, options: CheckOptions & { readonly allowUndecided?: boolean } = {}): Outcome {
    const report = judged(received, options);
    const isClear = report.verdict === "pass" || (report.verdict === "undecided" && options.allowUndecided === true);
    return {
      pass: isClear,
      message: () =>
        `expected ${isClear ? "the gate to stay closed" : "it to pass the gate"}\n\n${render(report, { rules: options.rules ?? RULES })}`,
    };
  },

  toBreakRule(received: unknown, rule: string, expected: Expected = {}, options: CheckOptions = {}): Outcome {
    const known = (options.rules ?? RULES).map(({ id }) => id);
    // A misspelt rule is never broken: `not.toBreakRule` would hold for ever.
    if (!known.includes(rule)) throw new TypeError(`expected a rule id (${known.join(", ")}), found \`${rule}\``);
    const report = judged(received, options);
    const fails = report.results.filter((result) => result.verdict === "fail" && result.rule === rule);
    const isBroken = fails.some((result) => isExpected(result, expected));
    const where = `${expected.at ? ` at \`${expected.at}\`` : ""}${expected.because ? ` because ${String(expected.because)}` : ""}`;
    return {
      pass: isBroken,
      message: () =>
        `expected rule \`${rule}\` ${isBroken ? "not " : ""}to be broken${where}\n\n${render(report, { rules: options.rules ?? RULES })}`,
    };
  },
};

const isExpected = (result: Result, { at, because }: Expected): boolean =>
  (at === undefined || result.address === at) &&
  (because === undefined ||
    (typeof because === "string" ? result.message.includes(because) : because.test(result.message)));

// In a jest process both are there; anywhere else this module only exports the matchers.
if (typeof expect !== "undefined" && typeof expect.extend === "function") expect.extend(matchers);
if (typeof beforeAll !== "undefined") beforeAll(loadRuntime);
