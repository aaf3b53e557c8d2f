import type { TradeOutcome } from "../execution/drill-target";
import type { EngineSession } from "../trading/engine-session";
import type { Ledger } from "../trading/ledger";
import { DrillSymbol, type Holdings, type Order, type OrderAnswer, orderKey } from "../trading/messages";

const BUYER = 3;
const SELLER = 4;
const PRICE_TICKS = 6_400_000;
const LOTS = 7;

/** Where a pair of orders is sent. */
export interface Market {
  readonly open: () => Promise<EngineSession>;
  readonly ledger: Ledger;
}

/**
 * A business transaction from end to end: two orders through the edge, that trade with each other and move two
 * positions.
 */
export async function verifyingTrade(market: Market): Promise<TradeOutcome> {
  const began = performance.now();
  const session = await market.open();
  try {
    const before = await session.holdings();
    const clientOrderId = Date.now();
    const maker: Order = {
      symbol: DrillSymbol.Test,
      account: SELLER,
      clientOrderId,
      side: "sell",
      quantityLots: LOTS,
      priceTicks: PRICE_TICKS,
    };
    const taker: Order = { ...maker, account: BUYER, side: "buy" };
    const answers = [await place(maker, session, market), await place(taker, session, market)];
    const after = await session.holdings();
    const moved = (account: number) => (after.positions[account] ?? 0) - (before.positions[account] ?? 0);
    return {
      region: after.region,
      epoch: after.epoch,
      makerOrder: orderKey(maker),
      takerOrder: orderKey(taker),
      executed: tradedLots(before, after) === LOTS,
      durable: answers.every(({ answer }) => answer === "durable"),
      positionMatches: moved(BUYER) === LOTS && moved(SELLER) === -LOTS,
      durationMs: Math.round(performance.now() - began),
    };
  } finally {
    session.close();
  }
}

async function place(order: Order, session: EngineSession, { ledger }: Market): Promise<OrderAnswer> {
  ledger.sent(order);
  const answer = await session.place(order);
  if (answer.answer === "rejected") throw new Error(`the engine refused an order: ${answer.reason}`);
  ledger.durable(answer);
  return answer;
}

/** Lots that the pair traded with each other between two looks. */
function tradedLots(before: Holdings, after: Holdings): number {
  const known = new Set(before.executions.map(({ id }) => id));
  return after.executions
    .filter(({ id, buyer, seller }) => !known.has(id) && buyer === BUYER && seller === SELLER)
    .reduce((sum, { quantityLots }) => sum + quantityLots, 0);
}
