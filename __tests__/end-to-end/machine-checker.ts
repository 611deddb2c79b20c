/**
 * Turns calls of Step Functions into the emulator's answers, but for two that it doesn't have and that the AWS provider makes:
 * whether a definition is valid is answered by asl-validator, and published versions are none.
 */
import { createServer, type IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import validate from "asl-validator";
import { listenOnLoopback } from "../../scripts/loopback";

/** It, running. */
export interface MachineChecker {
  /** The variable that leads the calls of Step Functions, and only these, to it. */
  readonly env: Readonly<Record<string, string>>;
  /** Definitions that it was asked about. */
  readonly asked: readonly string[];
  stop(): void;
}

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html */
function checked(definition: string): object {
  const { isValid, errorsText } = validate(JSON.parse(definition));
  const diagnostics = isValid ? [] : [{ severity: "ERROR", code: "SCHEMA_VALIDATION_FAILED", message: errorsText() }];
  return { result: isValid ? "OK" : "FAIL", diagnostics, truncated: false };
}

/** Starts it on a free port of loopback, in front of an emulator. */
export async function startMachineChecker(emulator: string): Promise<MachineChecker> {
  const asked: string[] = [];
  const answer = async (request: IncomingMessage): Promise<{ status: number; body: string }> => {
    const body = await buffer(request);
    const operation = String(request.headers["x-amz-target"]).split(".").at(-1);
    if (operation === "ValidateStateMachineDefinition") {
      const { definition }: { definition: string } = JSON.parse(body.toString("utf8"));
      asked.push(definition);
      return { status: 200, body: JSON.stringify(checked(definition)) };
    }
    if (operation === "ListStateMachineVersions") return { status: 200, body: '{"stateMachineVersions":[]}' };
    const headers = new Headers();
    for (const name of ["x-amz-target", "content-type", "authorization", "x-amz-date"])
      headers.set(name, String(request.headers[name]));
    // moto tells services apart by the host that was signed
    const passed = await fetch(emulator, { method: "POST", headers, body });
    return { status: passed.status, body: await passed.text() };
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch((error: unknown) => ({ status: 500, body: String(error) }))
      .then(({ status, body }) =>
        response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body),
      );
  });
  const port = await listenOnLoopback(server);
  return {
    env: { AWS_ENDPOINT_URL_SFN: `http://127.0.0.1:${port}` },
    asked,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
