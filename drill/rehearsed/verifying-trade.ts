import type { TradeOutcome } from "../execution/world";
import { EngineConnection } from "../trading/connection";
import { type Order, type OrderAnswer, orderKey } from "../trading/messages";
import type { Stage } from "./stage";

const BUYER = 3;
const SELLER = 4;
/** Far from the load's prices, so that the pair meets nobody else. */
const PRICE_TICKS = 6_400_000;
const LOTS = 7;
const PATIENCE_MS = 5_000;

/** A business transaction from end to end: two orders through the edge, that trade with each other and move two positions. */
export async function verifyingTrade(stage: Stage): Promise<TradeOutcome> {
  const address = stage.plant.route();
  if (!address) throw new Error("the edge leads nowhere");
  const began = performance.now();
  const durable = new Map<string, OrderAnswer>();
  const refused: string[] = [];
  const connection = await EngineConnection.open(address, (answer) => {
    if (answer.answer === "durable") durable.set(orderKey(answer), answer);
    if (answer.answer === "rejected") refused.push(answer.reason);
  });
  try {
    const before = await connection.holdings();
    const clientOrderId = Date.now();
    const maker: Order = { account: SELLER, clientOrderId, side: "sell", quantityLots: LOTS, priceTicks: PRICE_TICKS };
    const taker: Order = { ...maker, account: BUYER, side: "buy" };
    for (const order of [maker, taker]) {
      stage.ledger.sent(order);
      connection.send(order);
    }
    await settled(() => durable.size === 2 || refused.length > 0);
    if (refused.length > 0) throw new Error(`the engine refused: ${refused.join(", ")}`);
    for (const answer of durable.values()) stage.ledger.durable(answer);
    const after = await connection.holdings();
    const moved = (account: number) => (after.positions[account] ?? 0) - (before.positions[account] ?? 0);
    const known = new Set(before.executions.map(({ id }) => id));
    const lots = after.executions
      .filter(({ id, buyer, seller }) => !known.has(id) && buyer === BUYER && seller === SELLER)
      .reduce((sum, { quantityLots }) => sum + quantityLots, 0);
    return {
      region: after.region,
      epoch: after.epoch,
      makerOrder: orderKey(maker),
      takerOrder: orderKey(taker),
      executed: lots === LOTS,
      durable: durable.size === 2,
      positionMatches: moved(BUYER) === LOTS && moved(SELLER) === -LOTS,
      durationMs: Math.round(performance.now() - began),
    };
  } finally {
    connection.close();
  }
}

async function settled(done: () => boolean): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!done() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 5));
}
