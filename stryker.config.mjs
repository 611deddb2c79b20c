/** Mutation testing: what it mutates, and with which tests. `__tests__/README.md` has the score and the survivors. */
export default {
  plugins: ["./scripts/mutation-runner.mjs"],
  testRunner: "in-process",
  mutate: ["validators/{kernel,iam,rules,judge}/**/*.ts"],
  testFiles: [
    "__tests__/{kernel,judge,rules}/**/*.test.ts",
    "__tests__/help/pages.test.ts",
    "__tests__/iam/{dimension,fillers,implication,language,pattern,public,questions,typed-values,decimal,remembered,oracle/tables/{tables,keys},oracle/actions,oracle/property,oracle/symbols,oracle/witness}.test.ts",
  ],
  coverageAnalysis: "perTest",
  concurrency: 1,
  // Wall time; a busy machine must not pass for an endless loop. Loops through a mutant end by counting.
  timeoutMS: 60_000,
  timeoutFactor: 10,
  dryRunTimeoutMinutes: 60,
  incremental: true,
  incrementalFile: "reports/mutation/incremental.json",
  reporters: ["json", "clear-text", "progress-append-only"],
  jsonReporter: { fileName: "reports/mutation/mutation.json" },
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  ignorePatterns: ["/bench", "/dist", "/coverage", "/cdktf.out", "/stacks", "/pipelines"],
  tempDirName: ".stryker-tmp",
};
