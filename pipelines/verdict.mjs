/** Turns Tollgate's JSON report (its path is the argument) into the one line that an approver sees. */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const counts = Object.entries(report.summary).map(([verdict, count]) => `${count} ${verdict}`);
process.stdout.write(`${report.verdict}: ${counts.join(", ")}`);
