/** Turns the end of the process that required this into a line of figures: CPU in microseconds, peak memory in KiB. */
const { writeFileSync } = require("node:fs");
const started = process.hrtime.bigint();
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const wall = Number(process.hrtime.bigint() - started) / 1e6;
  writeFileSync(process.env.TOLLGATE_BENCH_USAGE, JSON.stringify({ cpu: userCPUTime + systemCPUTime, wall, maxRSS }));
});
