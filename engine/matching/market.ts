import type { LevelPages } from "../book/level-pages";
import type { OrderStore } from "../book/order-store";
import { LadderOrder, PriceLadder } from "../book/price-ladder";
import type { StateMemory } from "../book/state-memory";
import { Side } from "../protocol/command";
import { Positions } from "../risk/positions";
import { SymbolRisk } from "../risk/symbol-risk";

/** Everything of one symbol: both sides of the book, the waiting stops, limits and positions. */
export class Market {
  readonly bids: PriceLadder;
  readonly asks: PriceLadder;
  /** Buy stops wait for a rise: the lowest comes first. */
  readonly buyStops: PriceLadder;
  readonly sellStops: PriceLadder;
  readonly risk: SymbolRisk;
  readonly positions: Positions;

  constructor(
    memory: StateMemory,
    readonly symbol: number,
    pages: LevelPages,
    orders: OrderStore,
    accounts: number,
  ) {
    const name = `market.${symbol}`;
    this.bids = new PriceLadder(memory, `${name}.bids`, pages, orders, LadderOrder.HighestFirst);
    this.asks = new PriceLadder(memory, `${name}.asks`, pages, orders, LadderOrder.LowestFirst);
    this.buyStops = new PriceLadder(memory, `${name}.buyStops`, pages, orders, LadderOrder.LowestFirst);
    this.sellStops = new PriceLadder(memory, `${name}.sellStops`, pages, orders, LadderOrder.HighestFirst);
    this.risk = new SymbolRisk(memory, `${name}.risk`);
    this.positions = new Positions(memory, `${name}.positions`, accounts);
  }

  /** Where orders of a side rest. */
  own(side: Side): PriceLadder {
    return side === Side.Buy ? this.bids : this.asks;
  }

  /** What orders of a side trade with. */
  opposite(side: Side): PriceLadder {
    return side === Side.Buy ? this.asks : this.bids;
  }

  stops(side: Side): PriceLadder {
    return side === Side.Buy ? this.buyStops : this.sellStops;
  }
}
