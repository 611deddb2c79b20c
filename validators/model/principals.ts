/** Turns roles, users and accounts that exist already into the accounts of their ids, by which policies name them as well. */
import type { Text } from "../kernel/value";
import { member } from "../plan/index";
import type { World } from "./shape";

/** Attributes that are unique ids (hashicorp/aws 4 to 6). A caller's `user_id` may have a session's name behind it. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ["aws_iam_role", "unique_id"],
  ["aws_iam_user", "unique_id"],
  ["data.aws_iam_role", "unique_id"],
  ["data.aws_iam_user", "user_id"],
  ["data.aws_caller_identity", "user_id"],
  ["data.aws_canonical_user_id", "id"],
]);

/** Unique ids that are known, with the account of the provider that found them: IAM shows its own account's only. */
export function principalIds(world: World): ReadonlyMap<string, string | Text> {
  const found = new Map<string, string | Text>();
  for (const instance of world.instances()) {
    const { mode, type, planned } = instance;
    const attribute = ATTRIBUTES.get(mode === "data" ? `data.${type}` : type);
    if (attribute === undefined) continue;
    const value = member(planned?.values, attribute);
    const [id = ""] = typeof value === "string" ? value.split(":", 1) : [];
    if (/^A(ROA|IDA)[A-Z0-9]+$|^[0-9a-f]{64}$/.test(id)) found.set(id, world.homes.of(instance).account);
  }
  return found;
}
