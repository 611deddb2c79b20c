/** Turns a report into requests to Bitbucket's proxy, played by a server of the test. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isBitbucket, publishCodeInsights } from "../../validators/gate/code-insights";

const step = {
  BITBUCKET_BUILD_NUMBER: "1",
  BITBUCKET_WORKSPACE: "team",
  BITBUCKET_REPO_SLUG: "site",
  BITBUCKET_COMMIT: "abc",
};
const folder = mkdtempSync(join(tmpdir(), "tollgate-insights-"));
const file = join(folder, "bitbucket.json");
const asked: { method: string | undefined; url: string | undefined; body: unknown }[] = [];
let status = 200;
let server: Server;
let proxy: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      asked.push({ method: request.method, url: request.url, body: JSON.parse(body) });
      response.writeHead(status).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(file, JSON.stringify({ report: { title: "Tollgate" }, annotations: [[1], [2]] }));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the report is put, then its annotations are posted, batch by batch", async () => {
  expect(await publishCodeInsights(file, step, proxy)).toBeUndefined();
  const url = "http://api.bitbucket.org/2.0/repositories/team/site/commit/abc/reports/tollgate";
  expect(asked).toEqual([
    { method: "PUT", url, body: { title: "Tollgate" } },
    { method: "POST", url: `${url}/annotations`, body: [1] },
    { method: "POST", url: `${url}/annotations`, body: [2] },
  ]);
});

test("what goes wrong is said, not thrown", async () => {
  status = 403;
  expect(await publishCodeInsights(file, step, proxy)).toMatch(/expected status 200, found 403/);
  expect(await publishCodeInsights(join(folder, "none"), step, proxy)).toMatch(/did not take the report/);
  expect(await publishCodeInsights(file, step, "http://127.0.0.1:1")).toMatch(/did not take the report/);
});

test("only a step of Bitbucket has somewhere to send it", () => {
  expect(isBitbucket(step)).toBe(true);
  expect(isBitbucket({})).toBe(false);
  expect(isBitbucket({ ...step, BITBUCKET_COMMIT: "" })).toBe(false);
});
