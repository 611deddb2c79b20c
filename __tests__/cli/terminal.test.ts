/** Runs the command line in a terminal that doesn't know how wide it is. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { testWith } from "../gate/ci-readers";

const CLI = join(__dirname, "../../dist/cli.cjs");
const PLAN = join(__dirname, "../fixtures/plans/cdktf-stringify/plan.json");

testWith("script")("a terminal of 0 columns gets lines as long as one of 80", () => {
  // without a terminal of its own, `script` makes one that says 0
  const command = `'${process.execPath}' '${CLI}' check '${PLAN}'`;
  const { stdout } = spawnSync("script", ["-qec", command, "/dev/null"], {
    input: "",
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "" },
  });
  const longest = Math.max(...stdout.split(/\r?\n/).map((line) => line.length));
  expect(longest).toBeGreaterThan(60);
  expect(longest).toBeLessThanOrEqual(80);
});
