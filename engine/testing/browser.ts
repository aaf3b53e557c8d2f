import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { SERVER_CACHE } from "./server-process";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** Deque's judge of accessibility, by WCAG. */
const AXE = join(SERVER_CACHE, "axe-core-4.14.1/package/axe.min.js");

export const browserInstalled = (): boolean => CHROMIUM !== undefined && existsSync(AXE);

/** A real browser from the system's packages; in containers without user namespaces it runs without its sandbox. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ["--no-sandbox", "--disable-gpu"] });
}

/** What axe-core finds on a page, by WCAG 2.0 to 2.2 up to level AA: rule, place and its own words. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(readFileSync(AXE, "utf8"));
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe is a script of the page.
    const { violations } = await (globalThis as any).axe.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    });
    // biome-ignore lint/suspicious/noExplicitAny: its results too.
    return violations.flatMap(({ id, nodes }: any) =>
      // biome-ignore lint/suspicious/noExplicitAny: its results too.
      nodes.map(({ target, failureSummary }: any) => `${id} ${target}: ${failureSummary}`),
    );
  });
}

/** The trading screen of an engine, ready when it shows a book. */
export async function openScreen(
  browser: Browser,
  url: string,
  width: number,
  height: number,
  colorScheme: "dark" | "light" = "dark",
): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  await page.goto(url);
  await page.waitForSelector("#connection[data-state=live]", { timeout: 30_000 });
  return page;
}
