/** Runs the tests: types are erased by swc here and checked by `tsc` in `npm run check`. */
module.exports = {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/cdktf.out"],
  collectCoverageFrom: ["validators/**/*.ts", "stacks/**/*.ts", "fleet/**/*.ts", "!**/*.d.ts"],
  coverageProvider: "v8",
};
