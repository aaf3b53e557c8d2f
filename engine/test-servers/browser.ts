import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

export const browserInstalled = (): boolean => CHROMIUM !== undefined;

/** A real browser from the system's packages; in containers without user namespaces it runs without its sandbox. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM as string, args: ["--no-sandbox", "--disable-gpu"] });
}

/** The trading screen of an engine, ready when it shows a book. */
export async function openScreen(browser: Browser, url: string, width: number, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: "dark" });
  await page.goto(url);
  await page.waitForSelector("#connection[data-state=live]", { timeout: 30_000 });
  return page;
}
