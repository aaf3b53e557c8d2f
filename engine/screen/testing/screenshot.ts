import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { openEngine } from "../..";
import { buildScreen } from "../../build";
import { openBrowser, openScreen } from "../../testing/browser";
import { ServiceFixture } from "../../testing/service-fixture";

const PICTURE = join(__dirname, "../../../docs/images/trading-screen.png");
/** Long enough for a filled list of trades. */
const TRADING_MS = 25_000;
const ORDERS = 40;

/** Takes the picture of the README: a real browser on a running engine with simulated participants. */
async function main(): Promise<void> {
  await buildScreen();
  const engine = await ServiceFixture.start(
    { marketData: "mock", http: { jwt: { developmentTokens: true } } },
    openEngine,
  );
  const browser = await openBrowser();
  const page = await openScreen(browser, engine.url, 1280, 990);
  await page.waitForTimeout(TRADING_MS / 2);
  for (let order = 0; order < ORDERS; order++) {
    const { bids, asks } = (await engine.call("GET", "/api/books/BTCUSD?depth=6")).body;
    const [side, levels] =
      order % 2 === 0 ? (["buy", order % 3 ? asks : bids] as const) : (["sell", order % 5 ? bids : asks] as const);
    const price = levels[order % levels.length]?.[0];
    if (price)
      await engine.call("POST", "/api/orders", { body: { symbol: "BTCUSD", side, price, quantity: "0.0120" } });
  }
  for (const [side, price] of [
    ["buy", "64100.00"],
    ["sell", "65900.00"],
  ]) {
    await engine.call("POST", "/api/orders", { body: { symbol: "BTCUSD", side, price, quantity: "0.0500" } });
  }
  await page.fill('input[name="quantity"]', "0.0250");
  await page.click('button[type="submit"]');
  await page.waitForTimeout(TRADING_MS / 2);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
  await browser.close();
  await engine.stop();
  process.stdout.write(`${PICTURE}\n`);
  process.exit(0);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
