/** What an owner can say in environment variables, and what is refused. */
import { noSettings, settingsFrom } from "../../stacks/settings";
import { everyStack } from "./synthesized";

const key = "arn:aws:kms:eu-west-1:111122223333:key/k";

test("nothing set", () => {
  expect(settingsFrom({})).toEqual(noSettings);
});

test.each([
  ["github:owner/site@main", { kind: "repository", host: "GitHub", repository: "owner/site", branch: "main" }],
  [
    "gitlab:group/sub/site@release/1",
    { kind: "repository", host: "GitLab", repository: "group/sub/site", branch: "release/1" },
  ],
  ["bitbucket:team/site", { kind: "repository", host: "Bitbucket", repository: "team/site", branch: "main" }],
])("the source %s", (text, source) => {
  expect(settingsFrom({ TOLLGATE_SOURCE: text }).source).toEqual(source);
});

test.each(["owner/site", "svn:owner/site", "github:site", "github:owner/site@", "github:owner/$(id)"])(
  "not the source %s",
  (text) => {
    expect(() => settingsFrom({ TOLLGATE_SOURCE: text })).toThrow(`found \`${text}\``);
  },
);

test("whom to tell", () => {
  expect(settingsFrom({ TOLLGATE_NOTIFY: "a@example.com,b@example.com" }).notify).toEqual([
    "a@example.com",
    "b@example.com",
  ]);
});

test("what may be destroyed with all that is in it", () => {
  expect(settingsFrom({ TOLLGATE_REMOVABLE: "yes" }).removable).toBe(true);
  expect(settingsFrom({ TOLLGATE_REMOVABLE: "no" }).removable).toBe(false);
  expect(() => settingsFrom({ TOLLGATE_REMOVABLE: "true" })).toThrow("found `true`");
});

test("when the fleet is judged", () => {
  expect(settingsFrom({ TOLLGATE_FLEET_SCHEDULE: "cron(0 6 ? * MON-FRI *)" }).fleetSchedule).toBe(
    "cron(0 6 ? * MON-FRI *)",
  );
  expect(() => settingsFrom({ TOLLGATE_FLEET_SCHEDULE: "daily" })).toThrow("found `daily`");
});

test("a state bucket needs its key", () => {
  expect(() => settingsFrom({ TOLLGATE_STATE_BUCKET: "b" })).toThrow("TOLLGATE_STATE_KEY");
  expect(() => settingsFrom({ TOLLGATE_STATE_KEY: key })).toThrow("TOLLGATE_STATE_BUCKET");
});

test("with a state bucket, the stacks keep their state there, encrypted and locked by S3 itself", () => {
  const stacks = everyStack(settingsFrom({ TOLLGATE_STATE_BUCKET: "states", TOLLGATE_STATE_KEY: key }));
  for (const name of ["compliant-bucket", "fleet", "pipeline"])
    expect(stacks.get(name)?.terraform.backend).toEqual({
      s3: { bucket: "states", key: `${name}/terraform.tfstate`, kms_key_id: key, encrypt: true, use_lockfile: true },
    });
  expect(stacks.get("state")?.terraform.backend).toHaveProperty("local");
});
