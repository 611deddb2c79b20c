/** What a place for remote inputs is: objects by URI, read as they come. */
import type { Listing } from "./inputs";

/** A place for remote inputs. */
export interface Store extends Listing {
  /**
   * The bytes of an object; `undefined` where there is none.
   * @throws InputError where it can't be told or read.
   */
  open(uri: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}
