const { availableParallelism } = require("node:os");

const swc = [
  "@swc/jest",
  { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
];

/** Packages that are ES modules only. */
const MODULES = ["fast-wrap-ansi", "fast-string-width", "fast-string-truncated-width"];

/** Runs the tests: types are erased by swc here and checked by `tsc` in `npm run check`. */
module.exports = {
  // The end-to-end tests wait for Terraform most of the time: on two cores the others run meanwhile.
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testEnvironment: "node",
  globalSetup: "<rootDir>/scripts/temporary-folder.cjs",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: { "\\.ts$": swc, [`/(?:${MODULES.join("|")})/.*\\.js$`]: swc },
  transformIgnorePatterns: [`/node_modules/(?!(?:${MODULES.join("|")})/)`],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  collectCoverageFrom: ["validators/**/*.ts", "stacks/**/*.ts", "fleet/**/*.ts", "!**/*.d.ts"],
  coverageProvider: "v8",
};
