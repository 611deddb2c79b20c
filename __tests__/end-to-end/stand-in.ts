/**
 * Turns what the AWS provider creates in CodePipeline, CodeBuild and CodeConnections into what it reads back: a store, not an
 * emulator. It runs nothing and checks nothing. It shows that the provider accepts the configuration and reads it back
 * without a difference; whether AWS would accept it is not for it to say.
 */
import { createServer, type Server } from "node:http";
import { listenOnLoopback } from "../../scripts/loopback";

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);

/** An answer: what was asked for, or the name of the error that the service has for its absence. */
type Answer = Json | { readonly missing: string };

const place = "us-east-1:123456789012";
/** Any date will do, but it has to be a number: the provider refuses text. */
const date = 1_700_000_000;

/** What was created, by kind and then by name or ARN. */
class Store {
  private readonly kinds = new Map<string, Map<string, Json>>();

  of(kind: string): Map<string, Json> {
    const known = this.kinds.get(kind) ?? new Map<string, Json>();
    this.kinds.set(kind, known);
    return known;
  }
}

type Operation = (input: Json, store: Store) => Answer;

const noTags: Operation = () => ({ tags: [], Tags: [] });

function putPipeline(input: Json, store: Store): Answer {
  const pipeline = { ...object(input.pipeline), version: 1 };
  store.of("pipeline").set(text(object(input.pipeline).name), pipeline);
  return { pipeline, tags: [] };
}

function putProject(input: Json, store: Store): Answer {
  const name = text(input.name);
  const project = {
    queuedTimeoutInMinutes: 480,
    projectVisibility: "PRIVATE",
    cache: { type: "NO_CACHE" },
    badge: { badgeEnabled: false },
    ...input,
    arn: `arn:aws:codebuild:${place}:project/${name}`,
    created: date,
    lastModified: date,
  };
  store.of("project").set(name, project);
  return { project };
}

function putReportGroup(input: Json, store: Store): Answer {
  const arn = text(input.arn) || `arn:aws:codebuild:${place}:report-group/${text(input.name)}`;
  const reportGroup = { ...store.of("report-group").get(arn), ...input, arn, created: date, status: "ACTIVE" };
  store.of("report-group").set(arn, reportGroup);
  return { reportGroup };
}

function createConnection(input: Json, store: Store): Answer {
  const arn = `arn:aws:codeconnections:${place}:connection/${store.of("connection").size}`;
  store.of("connection").set(arn, {
    ConnectionArn: arn,
    ConnectionName: input.ConnectionName,
    ProviderType: input.ProviderType,
    ConnectionStatus: "PENDING",
    OwnerAccountId: "123456789012",
  });
  return { ConnectionArn: arn, Tags: [] };
}

/** Operations by the last part of the header `X-Amz-Target`; the services' names don't overlap. */
const operations: Readonly<Record<string, Operation>> = {
  CreatePipeline: putPipeline,
  UpdatePipeline: putPipeline,
  GetPipeline: (input, store) => {
    const pipeline = store.of("pipeline").get(text(input.name));
    if (pipeline === undefined) return { missing: "PipelineNotFoundException" };
    const pipelineArn = `arn:aws:codepipeline:${place}:${text(input.name)}`;
    return { pipeline, metadata: { pipelineArn, created: date, updated: date } };
  },
  DeletePipeline: (input, store) => {
    store.of("pipeline").delete(text(input.name));
    return {};
  },
  CreateProject: putProject,
  UpdateProject: putProject,
  BatchGetProjects: (input, store) => {
    const names = texts(input.names).map((name) => name.replace(/^arn:.*:project\//, ""));
    return { projects: names.flatMap((name) => store.of("project").get(name) ?? []), projectsNotFound: [] };
  },
  DeleteProject: (input, store) => {
    store.of("project").delete(text(input.name).replace(/^arn:.*:project\//, ""));
    return {};
  },
  CreateReportGroup: putReportGroup,
  UpdateReportGroup: putReportGroup,
  BatchGetReportGroups: (input, store) => ({
    reportGroups: texts(input.reportGroupArns).flatMap((arn) => store.of("report-group").get(arn) ?? []),
    reportGroupsNotFound: [],
  }),
  DeleteReportGroup: (input, store) => {
    store.of("report-group").delete(text(input.arn));
    return {};
  },
  CreateConnection: createConnection,
  GetConnection: (input, store) => {
    const Connection = store.of("connection").get(text(input.ConnectionArn));
    return Connection === undefined ? { missing: "ResourceNotFoundException" } : { Connection };
  },
  DeleteConnection: (input, store) => {
    store.of("connection").delete(text(input.ConnectionArn));
    return {};
  },
  ListTagsForResource: noTags,
  TagResource: () => ({}),
};

/** The stand-in, running. */
export interface StandIn {
  /** The variables that lead these services' calls, and only these, to it. */
  readonly env: Readonly<Record<string, string>>;
  /** What is stored of a kind (`pipeline`, `project`, `report-group`, `connection`), by name or ARN. */
  stored(kind: string): ReadonlyMap<string, Json>;
  /** Operations that were asked for and that it does not have. */
  readonly unknown: readonly string[];
  stop(): void;
}

function serve(store: Store, unknown: string[]): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const name = text(request.headers["x-amz-target"]).split(".").at(-1) ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (operation === undefined) unknown.push(name);
      const input = object(JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}"));
      const answer = operation?.(input, store) ?? { missing: "UnknownOperationException" };
      const isMissing = typeof answer.missing === "string";
      response.writeHead(isMissing ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
      response.end(JSON.stringify(isMissing ? { __type: answer.missing, message: "not here" } : answer));
    });
  });
}

/** Starts the stand-in on a free port of loopback. */
export async function startStandIn(): Promise<StandIn> {
  const store = new Store();
  const unknown: string[] = [];
  const server = serve(store, unknown);
  const port = await listenOnLoopback(server);
  const url = `http://127.0.0.1:${port}`;
  const services = ["CODEPIPELINE", "CODEBUILD", "CODECONNECTIONS"];
  return {
    env: Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, url])),
    stored: (kind) => store.of(kind),
    unknown,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
