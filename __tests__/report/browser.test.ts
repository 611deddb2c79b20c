/** The page in a real browser: what it looks like to a keyboard, a screen reader, a phone and a printer. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import type { Report } from "../../validators/kernel/index";
import { render } from "../../validators/report/html";
import { clean, mixed, reportOf, rules } from "./reports";

// A browser on a machine that does other things as well takes its time.
jest.setTimeout(120_000);

const program = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);
const skipped = describe.skip;
/** Tests that need Chromium; where it is missing, skipped under a name that says so. */
function inChromium(name: string, tests: (path: string) => void): void {
  if (program !== undefined) describe(name, () => tests(program));
  else
    skipped(`${name} (skipped: Chromium is missing; Debian has it as chromium, CHROMIUM names another)`, () =>
      tests(""),
    );
}

/** `</script>`, handlers, closed attributes: a browser must show all of it as text. */
const attack = "\"'><img src=x onerror=alert(1)></script><script>alert(2)</script><svg onload=alert(3)>`${alert(4)}";
const attacked: Report = reportOf(
  mixed.results.map((one) => ({
    ...one,
    address: attack,
    message: attack,
    remediation: attack,
    related: [attack],
    source: { file: attack, line: 1, construct: attack },
    trace: [attack],
  })),
  { notices: [{ message: attack, address: attack }], input: { ...mixed.input, path: attack } },
);

/** Screenshots for whoever wants to look; nothing compares them. */
const pictures = join(__dirname, "../../reports/screenshots");

inChromium("the page in Chromium", (executablePath) => {
  let browser: Browser;
  const faults: string[] = [];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await chromium.launch({
      executablePath,
      args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
    });
  }, 60_000);
  afterAll(async () => browser?.close());
  beforeEach(() => faults.splice(0));

  async function open(report: Report, options: Parameters<Browser["newPage"]>[0] = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options });
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("dialog", async (dialog) => {
      faults.push(`dialog: ${dialog.message()}`);
      await dialog.dismiss();
    });
    page.on("request", (request) => faults.push(`request: ${request.url()}`));
    await page.setContent(await render(report, { rules }), { waitUntil: "load" });
    return page;
  }

  test("can be searched, filtered and walked through by keyboard", async () => {
    const page = await open(mixed);
    const shown = () => page.locator("[data-verdict]:not(.hidden)").count();
    expect(await page.locator("#shown").textContent()).toBe("6 of 6 results shown");
    await page.keyboard.press("/");
    await page.keyboard.type("TLS list");
    expect(await shown()).toBe(1);
    expect(await page.locator("#shown").textContent()).toBe("1 of 6 results shown");
    await page.keyboard.press("Escape");
    expect(await shown()).toBe(6);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    expect(await page.evaluate("document.activeElement.id")).toBe("finding-2");
    await page.keyboard.press("k");
    expect(await page.evaluate("document.activeElement.id")).toBe("finding-1");
    await page.getByRole("checkbox", { name: "undecided" }).press("Space");
    expect(await shown()).toBe(5);
    expect(faults).toEqual([]);
    await page.close();
  });

  test("the picture leads to the finding", async () => {
    const page = await open(mixed);
    await page.locator('svg a[*|href="#finding-3"]').first().click();
    expect(await page.evaluate("location.hash")).toBe("#finding-3");
    await page.close();
  });

  test.each([
    ["light", 1100],
    ["dark", 1100],
    ["light", 400],
    ["dark", 400],
  ] as const)(
    "axe finds no barrier, %s, %i pixels wide, and nothing runs over the edge",
    async (colorScheme, width) => {
      const page = await open(mixed, { colorScheme, viewport: { width, height: 900 } });
      await page.screenshot({ path: join(pictures, `page-${colorScheme}-${width}.png`), fullPage: true });
      await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
      const violations = await page.evaluate(
        "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`))",
      );
      expect(violations).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(faults).toEqual([]);
      await page.close();
    },
  );

  test("prints everything, and no buttons", async () => {
    const page = await open(mixed);
    await page.emulateMedia({ media: "print" });
    expect(await page.locator(".tools").isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await page.locator("details:not([open])").count()).toBe(0);
    await page.screenshot({ path: join(pictures, "page-print.png"), fullPage: true });
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
    await page.close();
  });

  test("shows what attacks it as text", async () => {
    const page = await open(attacked);
    expect(faults).toEqual([]);
    expect(await page.locator("img, iframe, object, embed").count()).toBe(0);
    expect(await page.locator("script").count()).toBe(1);
    expect(await page.locator("article .place").first().textContent()).toContain("<img src=x onerror=alert(1)>");
    await page.close();
  });

  test("can be read without its script", async () => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.setContent(await render(clean, { rules }));
    expect(await page.getByText("nothing to object to").isVisible()).toBe(true);
    expect(await page.locator(".tools").isVisible()).toBe(false);
    await page.close();
  });
});
