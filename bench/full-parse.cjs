/** Turns a plan into the count of its changes the plain way: the work that every other figure is held against. */
const { readFileSync } = require("node:fs");
const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
let managed = 0;
for (const change of plan.resource_changes) if (change.mode === "managed") managed++;
if (managed !== Number(process.argv[3])) process.exitCode = 9;
