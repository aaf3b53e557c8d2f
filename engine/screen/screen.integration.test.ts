import { suiteThatNeeds } from "@hft/testing";
import type { Browser } from "playwright-core";
import { buildScreen } from "../build";
import { accessibilityFaults, browserInstalled, openBrowser, openScreen } from "../testing/browser";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { freePort } from "../threads/free-port";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const suite = suiteThatNeeds(browserInstalled() ? undefined : "no Chromium or axe-core; run engine/testing/install.sh");

suite("the trading screen in a real browser", () => {
  let engine: ServiceFixture;
  let browser: Browser;

  beforeAll(async () => {
    await buildScreen();
    // The same port after a restart, so that the page finds the engine again.
    engine = await ServiceFixture.start({ http: { port: await freePort(), jwt: { developmentTokens: true } } });
    browser = await openBrowser();
    await engine.call("POST", "/api/orders", { account: 2, body: limitOrder("sell", "65010.00", "0.5") });
    await engine.call("POST", "/api/orders", { account: 2, body: limitOrder("buy", "64990.00", "0.5") });
  });
  afterAll(async () => {
    await browser?.close();
    await engine?.stop();
  });

  it("shows the book and, without a mouse, enters an order that trades", async () => {
    const page = await openScreen(browser, engine.url, 1280, 900);
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.waitForSelector("#asks tr");
    expect(await page.textContent("#asks tr:last-child td:first-child")).toBe("65010.00");
    expect(await page.textContent("#bids tr:first-child td:first-child")).toBe("64990.00");
    await page.focus("#asks tr:last-child");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("name"))).toBe("quantity");
    await page.keyboard.press("Control+A");
    await page.keyboard.type("0.2");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => /filled/.test(document.getElementById("answer")?.textContent ?? ""));
    await page.waitForSelector("#trades tr");
    expect(await page.textContent("#trades tr:first-child td:nth-child(2)")).toBe("65010.00");
    await page.waitForFunction(() => document.querySelector("#positions td:nth-child(2)")?.textContent === "0.2000");
    await page.waitForSelector("#latency rect", { state: "attached", timeout: 10_000 });
    expect(errors).toEqual([]);
    await page.close();
  });

  it("lists an open order and cancels it", async () => {
    const page = await openScreen(browser, engine.url, 1280, 900);
    await engine.call("POST", "/api/orders", { account: 1, body: limitOrder("buy", "64000.00", "0.1") });
    await page.waitForSelector("#orders button");
    await page.focus("#orders button");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("#orders tr").length === 0);
    expect(await page.textContent("#cancelled")).toMatch(/^Order \d+ cancelled$/);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("orders-title");
    expect((await engine.call("GET", "/api/orders", { account: 1 })).body).toEqual([]);
    await page.close();
  });

  it("says in words why an order was refused, and what was above the highest", async () => {
    const page = await openScreen(browser, engine.url, 1280, 900);
    const answered = async (price: string, quantity: string, words: RegExp) => {
      await page.fill("input[name=price]", price);
      await page.fill("input[name=quantity]", quantity);
      await page.click("button[type=submit]");
      await page.waitForFunction(
        (text) => new RegExp(text).test(document.getElementById("answer")?.textContent ?? ""),
        words.source,
      );
      expect(await page.textContent("#answer")).not.toMatch(/[A-Z]{2,}_/);
    };
    await answered("10.00", "0.1", /too far from that of the last trade/);
    await answered("65000.00", "200000", /200000 in BTCUSD is above the maximum, 13421.7727/);
    await answered("65000.00", "0.00015", /0.00015 in BTCUSD is not a multiple of 0.0001/);
    await answered("65000.00", "9999", /above the largest order/);
    await page.close();
  });

  it("comes to the order form before the book, which is one stop of the tab key", async () => {
    const page = await openScreen(browser, engine.url, 1280, 900);
    await page.waitForSelector("#asks tr");
    const stops: string[] = [];
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press("Tab");
      stops.push(
        await page.evaluate(() => {
          const focused = document.activeElement;
          return focused?.closest("#order") ? "form" : focused?.closest(".book") ? "book" : (focused?.id ?? "");
        }),
      );
    }
    expect(stops.filter((place, index) => place !== stops[index - 1])).toEqual(
      expect.arrayContaining(["symbol", "form", "book"]),
    );
    expect(stops.indexOf("form")).toBeLessThan(stops.indexOf("book"));
    expect(stops.filter((place) => place === "book")).toHaveLength(1);
    await page.focus("#asks tr:last-child");
    await page.keyboard.press("ArrowDown");
    expect(await page.evaluate(() => document.activeElement?.parentElement?.id)).toBe("bids");
    await page.close();
  });

  it.each(["dark", "light"] as const)(
    "breaks no rule of WCAG 2.2 AA that axe-core knows, in %s colours",
    async (colours) => {
      await engine.call("POST", "/api/orders", { account: 1, body: limitOrder("buy", "64000.00", "0.1") });
      const page = await openScreen(browser, engine.url, 1280, 900, colours);
      await page.waitForSelector("#orders button");
      for (const side of ["sell", "buy"]) {
        await page.check(`input[value=${side}]`, { force: true });
        expect(await accessibilityFaults(page)).toEqual([]);
      }
      await page.close();
      await engine.call("DELETE", "/api/orders", { account: 1 });
    },
  );

  it.each([320, 390])(
    "fits %d pixels with open orders: nothing is cut off and nothing scrolls sideways",
    async (width) => {
      await engine.call("POST", "/api/orders", { account: 1, body: limitOrder("buy", "64000.00", "0.1") });
      const page = await openScreen(browser, engine.url, width, 640);
      await page.waitForSelector("#asks tr");
      await page.waitForSelector("#orders button");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const edges = await page.$$eval("#orders button, #orders td, #answer, input, select", (all) =>
        all.map((each) => each.getBoundingClientRect().right),
      );
      expect(Math.max(...edges)).toBeLessThanOrEqual(width);
      const unnamed = await page.evaluate(
        () => [...document.querySelectorAll("input, select")].filter((field) => !field.closest("label")).length,
      );
      expect(unnamed).toBe(0);
      await page.close();
      await engine.call("DELETE", "/api/orders", { account: 1 });
    },
  );

  it("comes back by itself after the connection was lost", async () => {
    const page = await openScreen(browser, engine.url, 800, 600);
    // Offline, so that the first attempts to come back fail as they would.
    await page.context().setOffline(true);
    await engine.service.stop();
    await page.waitForSelector("#connection[data-state=lost]");
    await engine.open();
    await page.context().setOffline(false);
    await page.waitForSelector("#connection[data-state=live]", { timeout: 30_000 });
    await page.close();
  });
});
