import { CanaryStream } from "../canary-stream";
import { decimalOf, priceBetween, stepsOf } from "../price";
import { type Canary, type SmokeStep, StepFault } from "../step";
import { streamIsOpen } from "./stream";

interface Order {
  readonly orderId: number;
  readonly status: string;
  readonly filledQuantity: string;
  readonly price?: string;
  readonly averagePrice?: string;
}

/** A market moves between two calls: then the pair is tried again. */
const ATTEMPTS = 3;

/** What somebody else did in the meantime; no fault of the platform. */
class MarketMoved extends Error {}

/**
 * One account trades with itself: its position stays as it is, and nobody else is touched, because the price lies
 * between the best bid and the best ask. The engine keeps accounts from that unless they say otherwise, so it is seen
 * to refuse first.
 */
export const pairTrades: SmokeStep = {
  id: "SMK-ORD-1",
  title: "a pair of orders: rests, is subject to self-trade prevention, trades, and is reported",
  instead: "Read the message: the engine answers, but not as expected.",
  after: [streamIsOpen.id],
  async run(canary) {
    const { client, target, memory } = canary;
    memory.positionBefore = await positionOf(canary);
    const stream = await CanaryStream.open(target);
    try {
      stream.say({ type: "subscribe", channel: "orders" });
      stream.say({ type: "subscribe", channel: "trades", symbol: target.symbol });
      for (let attempt = 1; ; attempt++) {
        try {
          return await tradeOnce(canary, stream);
        } catch (error) {
          if (!(error instanceof MarketMoved)) throw error;
          await client.json("DELETE", `/api/orders?symbol=${target.symbol}`, 200);
          if (attempt === ATTEMPTS) throw crowded(target.symbol, error.message);
        }
      }
    } finally {
      stream.close();
    }
  },
};

async function tradeOnce(canary: Canary, stream: CanaryStream): Promise<string> {
  const { client, target, memory } = canary;
  const { symbol, quantity } = target;
  const price = await freePrice(canary);
  const enter = (side: string, more: object) =>
    client.json<Order>("POST", "/api/orders", 201, { symbol, side, price, quantity, ...more });

  const buy = await enter("buy", { selfTradePrevention: "none" });
  if (buy.status !== "open") throw new MarketMoved(`the buy order is ${buy.status} at once`);
  await stream.message(`order ${buy.orderId} as open`, (message) => tells(message, buy.orderId, "open"));

  const kept = await enter("sell", { timeInForce: "ioc", selfTradePrevention: "cancel_newest" });
  if (Number(kept.filledQuantity) !== 0)
    throw new MarketMoved(`order ${kept.orderId} traded with somebody else's order`);

  const sell = await enter("sell", { timeInForce: "ioc", selfTradePrevention: "none" });
  const bought = await client.json<Order>("GET", `/api/orders/${buy.orderId}`, 200);
  if (sell.status !== "filled" || bought.status !== "filled") {
    throw new MarketMoved(`buy ${buy.orderId} is ${bought.status}, sell ${sell.orderId} is ${sell.status}`);
  }
  await stream.message(`order ${buy.orderId} as filled`, (message) => tells(message, buy.orderId, "filled"));
  await stream.message(`a trade at ${price}`, (message) => showsTrade(message, price, quantity));
  memory.pair = { buyId: buy.orderId, sellId: sell.orderId, price };
  return `orders ${buy.orderId} and ${sell.orderId}: ${quantity} ${symbol} at ${price}`;
}

async function freePrice({ client, target: { symbol } }: Canary): Promise<string> {
  type Level = readonly [price: string, quantity: string];
  const path = `/api/books/${symbol}?depth=1`;
  const { bids, asks } = await client.json<{ bids: Level[]; asks: Level[] }>("GET", path, 200);
  const symbols = await client.json<{ symbol: string; tickSize: string; lastPrice?: string }[]>(
    "GET",
    "/api/symbols",
    200,
  );
  const { tickSize, lastPrice } = symbols.find((found) => found.symbol === symbol)!;
  const price = priceBetween({ bid: bids[0]?.[0], ask: asks[0]?.[0], last: lastPrice }, tickSize);
  if (price === undefined) throw new MarketMoved(`${bids[0]?.[0]} bid, ${asks[0]?.[0]} asked: no price between them`);
  return price;
}

const tells = ({ type, orders }: { type: string; orders?: unknown }, id: number, status: string): boolean =>
  type === "orders" && (orders as Order[]).some((order) => order.orderId === id && order.status === status);

const showsTrade = ({ type, trades }: { type: string; trades?: unknown }, price: string, quantity: string): boolean =>
  type === "trades" &&
  (trades as { price: string; quantity: string }[]).some(
    (trade) => trade.price === price && trade.quantity === quantity,
  );

const crowded = (symbol: string, last: string): StepFault =>
  new StepFault(
    `${ATTEMPTS} attempts traded with other accounts in ${symbol}: ${last}`,
    "write a symbol that nobody else trades as canary.symbol in the environment",
  );

/** Net quantity of the canary account in its symbol. */
async function positionOf({ client, target }: Canary): Promise<string> {
  const positions = await client.json<{ symbol: string; netQuantity: string }[]>("GET", "/api/positions", 200);
  return positions.find(({ symbol }) => symbol === target.symbol)?.netQuantity ?? "0";
}

/** Whatever became of the pair: no order stays open, and the position is what it was. */
export const nothingIsLeft: SmokeStep = {
  id: "SMK-ORD-2",
  title: "nothing is left behind",
  instead: "Cancel the canary account's open orders, and check its position.",
  after: [streamIsOpen.id],
  async run(canary) {
    const { client, target, memory } = canary;
    const path = `/api/orders?symbol=${target.symbol}`;
    const { cancelled } = await client.json<{ cancelled: number }>("DELETE", path, 200);
    const before = memory.positionBefore ?? (await positionOf(canary));
    const returned = await bringBack(canary, before);
    const open = await client.json<unknown[]>("GET", path, 200);
    const position = await positionOf(canary);
    const orders = `${cancelled} orders cancelled, ${open.length} open`;
    if (open.length > 0 || Number(position) !== Number(before)) {
      throw new StepFault(
        `${orders}; position ${position} ${target.symbol}, before ${before}`,
        "somebody else used the canary account; correct its position with an order for the difference",
      );
    }
    return `${orders}; position ${position} ${target.symbol} as before${returned}`;
  },
};

/** What somebody else has taken from the canary account, or given it, goes back to the market. */
async function bringBack(canary: Canary, before: string): Promise<string> {
  const { client, target } = canary;
  const { lotSize } = target.environment.engine.symbols.find(({ name }) => name === target.symbol)!;
  const lots = stepsOf(await positionOf(canary), lotSize) - stepsOf(before, lotSize);
  if (lots === 0n) return "";
  const order = {
    symbol: target.symbol,
    type: "market",
    side: lots > 0n ? "sell" : "buy",
    quantity: decimalOf(lots > 0n ? lots : -lots, lotSize),
  };
  const { status } = await client.call("POST", "/api/orders", order);
  return status === 201 ? `, after a market order of ${order.quantity}` : "";
}
