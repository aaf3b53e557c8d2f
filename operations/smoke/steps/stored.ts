import { setTimeout as sleep } from "node:timers/promises";
import { type Canary, type SmokeStep, StepFault } from "../step";
import { pairTrades } from "./pair";

/** Events reach the database in batches; an overloaded one has `DatabaseLag` as its alert, at a minute. */
export const STORED_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 500;

/**
 * The whole way of an order: from the client through edge, gateway, engine and journal to the database, and back to the
 * client.
 */
export const pairIsStored = (withinMs: number): SmokeStep => ({
  id: "SMK-E2E-1",
  title: "the database has the orders and the trade",
  instead:
    "Check the engine's log and the alert StoreBehind: orders are durable, but the database does not receive them.",
  after: [pairTrades.id],
  async run(canary) {
    const started = Date.now();
    const deadline = started + withinMs;
    for (;;) {
      const missing = await missingOf(canary).catch(notYet);
      if (missing.length === 0) return `${((Date.now() - started) / 1000).toFixed(1)} s after the trade was reported`;
      if (Date.now() > deadline) {
        throw new StepFault(
          `${missing.join(" and ")}: not there after ${withinMs / 1000} s`,
          "check the database in the engine's /health, and hft_database_lag_seconds",
        );
      }
      await sleep(ASK_EVERY_MS);
    }
  },
});

/** A store that is not reachable may be a moment later: as long as an engine starts, its database is out of sight. */
function notYet(error: unknown): string[] {
  if (error instanceof StepFault) return [error.found];
  throw error;
}

async function missingOf({ client, target, memory }: Canary): Promise<string[]> {
  const { buyId, sellId } = memory.pair!;
  const page = `symbol=${target.symbol}&count=50`;
  const ended = await client.json<{ orderId: number; status: string }[]>(
    "GET",
    `/api/orders?status=ended&${page}`,
    200,
  );
  const trades = await client.json<{ orderId: number; role: string }[]>("GET", `/api/trades?${page}`, 200);
  const isFilled = (id: number) => ended.some(({ orderId, status }) => orderId === id && status === "filled");
  const isTraded = (id: number, as: string) => trades.some(({ orderId, role }) => orderId === id && role === as);
  return [
    ...(isFilled(buyId) ? [] : [`order ${buyId}`]),
    ...(isFilled(sellId) ? [] : [`order ${sellId}`]),
    ...(isTraded(buyId, "maker") && isTraded(sellId, "taker") ? [] : ["the trade"]),
  ];
}
