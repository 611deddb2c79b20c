/** The rooms and the one way that data flows between them (help/design.md). Rule names are sentences; there are no exemptions. */
const rooms = (names) => `^validators/(${names})/`;
const never = (name, from, to, comment) => ({
  name,
  severity: "error",
  comment,
  from: { path: from },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "nothing-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
    never(
      "the-kernel-imports-nothing",
      rooms("kernel"),
      "^(?!validators/kernel/)",
      "truth, value and result stand alone",
    ),
    never("plan-only-reads", rooms("plan"), rooms("source|model|iam|rules|judge|report|gate")),
    never("source-knows-expressions-only", rooms("source"), rooms("model|iam|rules|judge|report|gate")),
    never("the-model-judges-nothing", rooms("model"), rooms("iam|rules|judge|report|gate")),
    never("iam-never-heard-of-terraform", rooms("iam"), rooms("plan|source|model|rules|judge|report|gate")),
    never("rules-see-the-graph-and-the-reasoning", rooms("rules"), rooms("plan|source|judge|report|gate")),
    {
      name: "rules-do-not-know-each-other",
      severity: "error",
      from: { path: "^validators/rules/((?:s3|kms)-[^/]+)\\.ts$" },
      to: { path: "^validators/rules/(?:s3|kms)-[^/]+\\.ts$", pathNot: "^validators/rules/$1\\.ts$" },
    },
    never("the-court-neither-reads-nor-renders", rooms("judge"), rooms("plan|source|report|gate")),
    never("reporters-see-only-verdicts", rooms("report"), rooms("plan|source|model|iam|judge|gate")),
    never(
      "nobody-but-the-doors-spreads",
      rooms("kernel|plan|source|model|iam|rules|judge|report|gate"),
      rooms("spread"),
    ),
    never(
      "only-signing-and-s3-reach-for-aws",
      "^validators/(?!gate/signature\\.ts$|spread/s3\\.ts$)",
      "node_modules/@(aws-sdk|smithy)/",
      "packages that need not be there, loaded where a key or an input is in AWS",
    ),
    never("validators-outlive-cdktf", "^validators/", "node_modules/(cdktf|constructs|@cdktf|cdktn|@cdktn)"),
    never("validators-do-not-know-the-stacks", "^validators/", "^(stacks/|fleet/|main\\.ts)"),
    never("functions-run-without-cdktf", "^fleet/", "^(stacks/|main\\.ts)|node_modules/(cdktf|constructs|@cdktf)"),
    {
      name: "only-the-doors-and-the-gate-touch-the-process",
      severity: "error",
      comment: "files, environment, clock and child processes belong to cli.ts, the command files beside it and gate/",
      from: { path: rooms("kernel|plan|source|model|iam|rules|judge|report") },
      to: {
        dependencyTypes: ["core"],
        path: "^(node:)?(fs|fs/promises|child_process|process|os|net|http|https|worker_threads|tty|readline)$",
      },
    },
    {
      name: "no-production-code-imports-tests",
      severity: "error",
      from: { pathNot: "^__tests__/" },
      to: { path: "^__tests__/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
