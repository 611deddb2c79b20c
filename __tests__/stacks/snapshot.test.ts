/** Every stack's synthesized JSON, word for word: a change to what is deployed shows up as a change here. */
import { awsProviderVersions } from "../../stacks/aws-stack";
import { everyStack } from "./synthesized";

const stacks = everyStack();

test("main.ts names the stacks", () => {
  expect([...stacks.keys()].sort()).toEqual(["compliant-bucket", "fleet", "non-compliant", "pipeline", "state"]);
});

test.each([...stacks])("%s is synthesized as before", (_name, json) => {
  expect(json).toMatchSnapshot();
});

test.each([...stacks])("%s can be planned with provider 5.100 and with provider 6", (_name, json) => {
  expect(json.terraform.required_providers.aws?.version).toBe(awsProviderVersions);
  // `region` on a resource is new in provider 6, so 5.100 would refuse it.
  for (const resources of Object.values(json.resource))
    for (const resource of Object.values(resources)) expect(resource).not.toHaveProperty("region");
});

test.each([...stacks])("%s names no place of this machine and no credentials", (_name, json) => {
  const text = JSON.stringify(json);
  expect(text).not.toContain(process.cwd());
  expect(text).not.toMatch(/AKIA|ASIA|secret_key/);
});
