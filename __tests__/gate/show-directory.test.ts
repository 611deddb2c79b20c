/** Turns folders that others can write to, or not, into the one in which a saved plan is shown: its providers run as we do. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { directoryFor } from "../../validators/gate/show-directory";

let top: string;
let cwd: string;
beforeEach(() => {
  top = realpathSync(mkdtempSync(join(tmpdir(), "tollgate-show-")));
  cwd = folder("work", 0o755);
});
afterEach(() => rmSync(top, { recursive: true, force: true }));

/** A folder with these rights, whatever the mask. */
function folder(name: string, mode: number): string {
  const path = join(top, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, mode);
  return path;
}
const initialised = (path: string): string => {
  mkdirSync(join(path, ".terraform"));
  return path;
};
const shownIn = (plan: string, from = cwd): string => directoryFor(plan, from, {});

test("the plan's own folder, or the nearest above, where it was initialised; else the working directory", () => {
  const infra = initialised(folder("work/infra", 0o755));
  folder("work/infra/gate", 0o755);
  expect(shownIn("infra/plan.tfplan")).toBe(infra);
  expect(shownIn("infra/gate/plan.tfplan")).toBe(infra);
  expect(shownIn("plan.tfplan", join(infra, "gate"))).toBe(infra);
  expect(shownIn("plan.tfplan")).toBe(cwd);
  const other = initialised(folder("other", 0o700));
  expect(shownIn("../other/plan.tfplan")).toBe(other);
  expect(directoryFor("../other/plan.tfplan", cwd, { TF_DATA_DIR: "data" })).toBe(cwd);
});

test.each([
  ["a temporary folder of all users", 0o1777],
  ["a folder that is open to all", 0o777],
])("not %s, nor what is above it", (_, mode) => {
  const shared = initialised(folder("shared", mode));
  initialised(top);
  folder("shared/tollgate-x", 0o700);
  expect(shownIn(join(shared, "plan.tfplan"))).toBe(cwd);
  expect(shownIn(join(shared, "tollgate-x", "plan.tfplan"))).toBe(cwd);
  // the working directory may be above: `/`
  expect(shownIn("shared/tollgate-x/plan.tfplan", folder(".", 0o755))).toBe(top);
});

test("a checkout that is open to all as a whole is its own, but for a temporary folder in it", () => {
  const open = folder("open", 0o777);
  const infra = initialised(folder("open/infra", 0o777));
  expect(shownIn("infra/plan.tfplan", open)).toBe(infra);
  chmodSync(infra, 0o1777);
  expect(shownIn("infra/plan.tfplan", open)).toBe(open);
  chmodSync(infra, 0o777);
  chmodSync(open, 0o1777);
  expect(shownIn("infra/plan.tfplan", open)).toBe(open);
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot("not what belongs to somebody else (skipped where the tests don't run as root)", () => {
  const theirs = initialised(folder("theirs", 0o755));
  chownSync(theirs, 12345, 12345);
  expect(shownIn(join(theirs, "plan.tfplan"))).toBe(cwd);
  chownSync(cwd, 12345, 12345);
  expect(shownIn(join(theirs, "plan.tfplan"))).toBe(theirs);
});

asRoot("a group that is not the user's own is others (skipped where the tests don't run as root)", () => {
  const grouped = initialised(folder("grouped", 0o775));
  expect(shownIn(join(grouped, "plan.tfplan"))).toBe(grouped);
  chownSync(grouped, 0, 12345);
  expect(shownIn(join(grouped, "plan.tfplan"))).toBe(cwd);
});
