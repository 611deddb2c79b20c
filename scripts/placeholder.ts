/** Turns a machine without AWS credentials into one that can plan: placeholder ones, and an account number that answers on loopback. */
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import { listenOnLoopback } from "./loopback";

/** One of the account numbers that AWS's documentation uses for nobody. */
export const placeholderAccount = "111122223333";

/** A state bucket that nobody has, so that the stacks that need one can be planned before it is deployed. */
export const placeholderState = {
  TOLLGATE_STATE_BUCKET: "tollgate-state-placeholder",
  TOLLGATE_STATE_KEY: `arn:aws:kms:us-east-1:${placeholderAccount}:key/00000000-0000-4000-8000-000000000000`,
};

/** Variables that each lead the AWS provider to credentials. */
const credentialVariables = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** What a line of an AWS configuration file begins with when it leads to credentials. */
const credentialSetting =
  /^\s*(aws_access_key_id|credential_process|credential_source|role_arn|sso_\w+|login_session)\s*=/m;

/**
 * Whether the AWS provider would find credentials, as far as that can be told without a call: variables and files, not the
 * metadata service of an EC2 instance (there, say `--credentials own`).
 */
export function hasCredentials(env: NodeJS.ProcessEnv = process.env): boolean {
  if (credentialVariables.some((name) => env[name])) return true;
  const files = [
    env.AWS_SHARED_CREDENTIALS_FILE ?? join(homedir(), ".aws", "credentials"),
    env.AWS_CONFIG_FILE ?? join(homedir(), ".aws", "config"),
  ];
  return files.some((file) => existsSync(file) && credentialSetting.test(readFileSync(file, "utf8")));
}

/** The answer to `sts:GetCallerIdentity`, https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const callerIdentity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${placeholderAccount}:user/placeholder</Arn><UserId>AIDAPLACEHOLDER</UserId><Account>${placeholderAccount}</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>placeholder</RequestId></ResponseMetadata></GetCallerIdentityResponse>`;

/** Settings of the provider that skip every look-up before a plan; the plan starts from no state, wherever the real one is kept. */
export const placeholderOverrides = {
  terraform: { backend: { local: {} } },
  provider: {
    aws: [
      {
        skip_credentials_validation: true,
        skip_requesting_account_id: true,
        skip_metadata_api_check: true,
        // A loaded machine may lose an answer; a call that is refused is not tried again anyway.
        max_retries: 3,
      },
    ],
  },
};

/**
 * Runs `work` with an environment in which every AWS call ends on loopback: the caller's identity is answered with the
 * placeholder account, all else is refused. So the plan looks nothing up and can change nothing.
 */
export async function withPlaceholderAccount<T>(
  env: NodeJS.ProcessEnv,
  work: (env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => {
      body += chunk;
    });
    request.on("end", () => {
      const known = body.includes("Action=GetCallerIdentity");
      response.writeHead(known ? 200 : 403, { "content-type": "text/xml" });
      response.end(
        known ? callerIdentity : "<ErrorResponse><Error><Code>PlaceholderAccount</Code></Error></ErrorResponse>",
      );
    });
  });
  const port = await listenOnLoopback(server);
  try {
    return await work({
      ...env,
      AWS_ACCESS_KEY_ID: "placeholder",
      AWS_SECRET_ACCESS_KEY: "placeholder",
      AWS_SESSION_TOKEN: "",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_REGION: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1",
      // An IP address: the SDK then puts the bucket's name into the path rather than the host.
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      NO_PROXY: "127.0.0.1",
    });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
