/** What reading a policy's text yields: a document, nothing, a refusal, or what is unknown. */
import type { Gap } from "../kernel/result";
import type { Text, Unknown } from "../kernel/value";
import type { PolicyDocument } from "./document";

/** A policy as the plan has it: text with or without symbols, unknown, or `null` where none is set. */
export type PolicyText = string | Text | Unknown | null;

/** The service that a policy is attached to. */
export type Service = "s3" | "kms";

/** A policy, as far as it can be read. */
export type PolicyReading =
  /** There is no policy. */
  | { readonly kind: "absent"; readonly service: Service }
  | {
      readonly kind: "document";
      readonly service: Service;
      readonly document: PolicyDocument;
      /** The text that it was read from, symbols as letters of the document. */
      readonly written: string;
    }
  /** AWS would refuse it, or no one can tell what it says: a place and a reason a line. */
  | { readonly kind: "refused"; readonly service: Service; readonly problems: readonly string[] }
  /** Nothing of it is known yet. */
  | { readonly kind: "unknown"; readonly service: Service; readonly gaps: readonly Gap[] };
