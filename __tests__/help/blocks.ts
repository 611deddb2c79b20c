/** Turns help pages into their code blocks, and code blocks into verdicts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformStack, Testing } from "cdktf";
import type { Construct } from "constructs";
import ts from "typescript";
import { check, checkFile } from "../../validators/index";
import type { Report } from "../../validators/kernel/index";
import { render } from "../../validators/report/text";
import { RULES } from "../../validators/rules/index";

export const root = join(__dirname, "../..");

/** One fenced block: ```` ```hcl fails ```` has language `hcl` and tags `["fails"]`. */
export interface Block {
  readonly page: string;
  /** Line of its fence in the page. */
  readonly line: number;
  readonly language: string;
  readonly tags: readonly string[];
  readonly body: string;
}

/** Every block of a page, in order. */
export function blocksOf(page: string): Block[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((match) => {
    const [language = "", ...tags] = (match[1] ?? "").trim().split(/\s+/);
    const line = text.slice(0, match.index).split("\n").length;
    return { page, line, language, tags, body: match[2] ?? "" };
  });
}

/** The verdict on HCL, as if it stood in a directory of its own. */
export async function judgeHcl(hcl: string): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), "tollgate-help-"));
  try {
    writeFileSync(join(folder, "main.tf"), hcl);
    return await checkFile(folder, { config: {} });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The snippet as a whole module: it stands in the constructor of a stack that has a `bucket` and a `key`. */
export function moduleOf(snippet: string): string {
  const lines = snippet.split("\n");
  const imports = lines.filter((line) => line.startsWith("import "));
  const given = ['import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";'];
  if (!imports.some((line) => line.includes("{ KmsKey }")))
    given.push('import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";');
  return [
    ...given,
    'import { TerraformStack } from "cdktf";',
    'import type { Construct } from "constructs";',
    ...imports,
    "export class Page extends TerraformStack {",
    "  constructor(scope: Construct, id: string) {",
    "    super(scope, id);",
    '    const bucket = new S3Bucket(this, "bucket");',
    '    const key = new KmsKey(this, "key", { enableKeyRotation: true });',
    ...lines.filter((line) => !line.startsWith("import ")),
    "    void [bucket, key];",
    "  }",
    "}",
  ].join("\n");
}

type StackClass = new (scope: Construct, id: string) => TerraformStack;

/** The verdict on a TypeScript snippet: it is run, synthesized, and judged as synthesized JSON. */
export async function judgeTypeScript(snippet: string): Promise<Report> {
  const { outputText } = ts.transpileModule(moduleOf(snippet), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
  });
  const exports: { Page?: StackClass } = {};
  new Function("require", "exports", outputText)(require, exports);
  if (!exports.Page) throw new TypeError("the snippet made no stack");
  return check(Testing.synth(new exports.Page(Testing.app(), "page")), { config: {} });
}

/** What the type checker says of modules: one line a fault. `name` is used in the line. */
export function typeFaults(modules: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  const paths = new Map([...modules].map(([name, text]) => [join(root, "help", `${name}.ts`), text]));
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (path) => paths.has(path) || fileExists(path);
  host.readFile = (path) => paths.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...more) => {
    const text = paths.get(path);
    return text === undefined ? getSourceFile(path, ...more) : ts.createSourceFile(path, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...paths.keys()], { ...options, types: ["node"], noUnusedLocals: false }, host);
  return ts.getPreEmitDiagnostics(program).map((one) => {
    const at = one.file?.getLineAndCharacterOfPosition(one.start ?? 0);
    return `${one.file?.fileName.slice(root.length + 1)}:${(at?.line ?? 0) + 1}: ${ts.flattenDiagnosticMessageText(one.messageText, " ")}`;
  });
}

/** What the terminal shows of a rule that fails, as far as its blank line; empty where it doesn't fail. */
export function shown(report: Report, rule: string): string {
  const lines = render(report, { rules: RULES }).split("\n");
  const from = lines.findIndex((line) => line.startsWith(`✗ FAIL  ${rule}  `));
  if (from < 0) return "";
  return `${lines.slice(from, lines.indexOf("", from)).join("\n")}\n`;
}
