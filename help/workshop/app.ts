/** Turns a stack file into Terraform JSON: `npx tsx help/workshop/app.ts help/workshop/mine.ts` writes `cdktf.out/stacks/workshop`. */
import "../../validators/trace";
import { resolve } from "node:path";
import { App, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";

type StackFile = { readonly WorkshopStack?: new (scope: Construct, id: string) => TerraformStack };

const file = process.argv[2];
if (file === undefined) throw new Error("expected a stack file, such as `help/workshop/mine.ts`");
const { WorkshopStack } = require(resolve(file)) as StackFile;
if (WorkshopStack === undefined) throw new Error(`expected \`${file}\` to export a class \`WorkshopStack\``);
const app = new App();
new WorkshopStack(app, "workshop");
app.synth();
