/** Turns the Bitbucket report into Code Insights beside a commit, through the proxy that Bitbucket gives each step. */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import type { Environment } from "./child";
import { messageOf } from "./plain";

/** The step's own authenticating proxy (https://support.atlassian.com/bitbucket-cloud/docs/code-insights/). */
const PROXY = "http://localhost:29418";

/** How long one request may take, in milliseconds. */
const PATIENCE = 30_000;

/** Whether this is a step of Bitbucket Pipelines. */
export const isBitbucket = (env: Environment): boolean =>
  [env.BITBUCKET_BUILD_NUMBER, env.BITBUCKET_WORKSPACE, env.BITBUCKET_REPO_SLUG, env.BITBUCKET_COMMIT].every(Boolean);

/**
 * Sends `{ report, annotations }` (the format `bitbucket`): the report by PUT, each batch of annotations by POST.
 * Gives a line about what went wrong, or `undefined`. Never throws: the verdict counts, whether it is shown or not.
 */
export async function publishCodeInsights(file: string, env: Environment, proxy = PROXY): Promise<string | undefined> {
  const repository = [env.BITBUCKET_WORKSPACE, env.BITBUCKET_REPO_SLUG]
    .map((part) => encodeURIComponent(part ?? ""))
    .join("/");
  const report = `http://api.bitbucket.org/2.0/repositories/${repository}/commit/${encodeURIComponent(env.BITBUCKET_COMMIT ?? "")}/reports/tollgate`;
  try {
    const json: { report: unknown; annotations: unknown[] } = JSON.parse(readFileSync(file, "utf8"));
    await send("PUT", report, json.report, proxy);
    for (const batch of json.annotations) await send("POST", `${report}/annotations`, batch, proxy);
    return undefined;
  } catch (error) {
    return `Code Insights did not take the report: ${messageOf(error)}`;
  }
}

function send(method: string, url: string, body: unknown, proxy: string): Promise<void> {
  const { hostname, port } = new URL(proxy);
  return new Promise((done, failed) => {
    // To a proxy, the whole address is the path.
    const sent = request(
      {
        hostname,
        port,
        method,
        path: url,
        timeout: PATIENCE,
        headers: { "content-type": "application/json", host: "api.bitbucket.org" },
      },
      (answer) => {
        answer.resume();
        answer.on("end", () => {
          const status = answer.statusCode ?? 0;
          if (status >= 200 && status < 300) done();
          else failed(new Error(`expected status 200, found ${status}`));
        });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE / 1000} seconds`)));
    sent.on("error", failed);
    sent.end(JSON.stringify(body));
  });
}
