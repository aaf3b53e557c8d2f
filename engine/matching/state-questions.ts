import { ORDER_ID_DOUBLE, ORDER_SHIFT, OrderStatus, OrderWord, statusIn } from "../book/order-store";
import { NO_KEY, type PriceLadder } from "../book/price-ladder";
import { orderTypeIn, sideIn, timeInForceIn } from "../protocol/packed-words";
import { POSITION_SHIFT, Position, realisedOf } from "../risk/positions";
import type { CoreState } from "./core-state";

export interface DepthLevel {
  /** Ticks. */
  readonly price: number;
  /** Lots that are shown; the hidden part of icebergs is not in it. */
  readonly quantity: number;
  readonly orders: number;
}

export interface Depth {
  /** Newest command that this state includes. */
  readonly sequence: number;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
  readonly lastTrade: number;
  readonly referencePrice: number;
}

export interface AccountPosition {
  readonly account: number;
  readonly symbol: number;
  readonly lots: number;
  readonly openBuyLots: number;
  readonly openSellLots: number;
  /** What the open position was paid or sold for, ticks × lots, never negative. */
  readonly cost: number;
  /** Realised profit, ticks × lots: the sum of any number of trades, which can be more than a double holds exactly. */
  readonly realised: bigint;
  readonly closes: number;
  readonly winners: number;
}

export interface OpenOrder {
  readonly orderId: number;
  readonly symbol: number;
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly side: number;
  readonly orderType: number;
  readonly timeInForce: number;
  readonly price: number;
  readonly stopPrice: number;
  readonly quantity: number;
  readonly open: number;
  /** What the book shows of it: for an iceberg what is left of the present part. */
  readonly visible: number;
  readonly display: number;
  readonly postOnly: boolean;
  /** A stop that waits for its price. */
  readonly waiting: boolean;
}

/** What may be asked of a core that stands still between two commands. */
export function depthOf(state: CoreState, symbol: number, levels: number): Depth {
  const market = state.markets[symbol];
  if (!market) throw new Error(`symbol ${symbol}; this engine has ${state.markets.length}`);
  return {
    sequence: state.sequence,
    bids: levelsOf(state, market.bids, levels),
    asks: levelsOf(state, market.asks, levels),
    lastTrade: market.risk.lastTrade,
    referencePrice: market.risk.reference,
  };
}

function levelsOf(state: CoreState, ladder: PriceLadder, most: number): DepthLevel[] {
  const { words } = state.orders;
  const levels: DepthLevel[] = [];
  for (let key = ladder.bestKey; key !== NO_KEY && levels.length < most; key = ladder.keyAfter(key)) {
    let quantity = 0;
    let orders = 0;
    for (let slot = ladder.first(key); slot !== 0; slot = words[(slot << ORDER_SHIFT) + OrderWord.Next]!) {
      quantity += words[(slot << ORDER_SHIFT) + OrderWord.Visible]!;
      orders += 1;
    }
    levels.push({ price: key ^ ladder.flip, quantity, orders });
  }
  return levels;
}

export function positionsOf(state: CoreState, account?: number): AccountPosition[] {
  const positions: AccountPosition[] = [];
  for (const market of state.markets) {
    const first = account ?? 0;
    const last = account ?? state.capacity.accounts - 1;
    for (let each = first; each <= last; each += 1) {
      const at = each << POSITION_SHIFT;
      const values = market.positions.values.subarray(at, at + (1 << POSITION_SHIFT));
      if (values.every((value) => value === 0)) continue;
      positions.push({
        account: each,
        symbol: market.symbol,
        lots: values[Position.Lots]!,
        openBuyLots: values[Position.OpenBuys]!,
        openSellLots: values[Position.OpenSells]!,
        cost: values[Position.Cost]!,
        realised: realisedOf(values, 0),
        closes: values[Position.Closes]!,
        winners: values[Position.Winners]!,
      });
    }
  }
  return positions;
}

/** In order of entry. */
export function openOrdersOf(state: CoreState, account?: number, symbol?: number): OpenOrder[] {
  const { orders } = state;
  const found: OpenOrder[] = [];
  for (let slot = 1; slot <= orders.highWater; slot += 1) {
    if (!orders.isLive(slot)) continue;
    const at = slot << ORDER_SHIFT;
    if (account !== undefined && orders.words[at + OrderWord.Account] !== account) continue;
    if (symbol !== undefined && orders.words[at + OrderWord.Symbol] !== symbol) continue;
    found.push(describe(state, slot));
  }
  return found.sort((a, b) => a.orderId - b.orderId);
}

function describe(state: CoreState, slot: number): OpenOrder {
  const { words, doubles } = state.orders;
  const at = slot << ORDER_SHIFT;
  const traits = words[at + OrderWord.Traits]!;
  const status = words[at + OrderWord.Status]!;
  return {
    orderId: doubles[(at >> 1) + ORDER_ID_DOUBLE]!,
    symbol: words[at + OrderWord.Symbol]!,
    account: words[at + OrderWord.Account]!,
    clientLow: words[at + OrderWord.ClientLow]!,
    clientHigh: words[at + OrderWord.ClientHigh]!,
    side: sideIn(traits),
    orderType: orderTypeIn(traits),
    timeInForce: timeInForceIn(traits),
    price: words[at + OrderWord.Price]!,
    stopPrice: words[at + OrderWord.StopPrice]!,
    quantity: words[at + OrderWord.Quantity]!,
    open: words[at + OrderWord.Visible]! + words[at + OrderWord.Hidden]!,
    visible: words[at + OrderWord.Visible]!,
    display: words[at + OrderWord.Peak]!,
    postOnly: (status & OrderStatus.PostOnly) !== 0,
    waiting: statusIn(status) === OrderStatus.Waiting,
  };
}

/** Highest share of its limit that any account uses: of its position, and of its order rate at this time. */
export function riskUse(state: CoreState, timeMicroseconds: number): { position: number; rate: number } {
  let position = 0;
  let rate = 0;
  for (let account = 0; account < state.capacity.accounts; account += 1) {
    const most = state.accounts.maxPositionOf(account);
    for (const market of state.markets) {
      const lots = Math.abs(market.positions.values[(account << POSITION_SHIFT) + Position.Lots]!);
      position = Math.max(position, lots / most);
    }
    rate = Math.max(rate, state.accounts.rateUtilisation(account, timeMicroseconds));
  }
  return { position, rate };
}
