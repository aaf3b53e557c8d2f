import type { StateMemory } from "../book/state-memory";
import { Side } from "../protocol/command";

/**
 * Positions of all accounts in one symbol, eight doubles (one cache line) an account. All values are integers below
 * 2^53, so sums are exact: over all accounts, the sum of `realised` minus signed cost is 0 after every trade.
 *
 *   double 0      1           2             3       4           5         6          7
 *        ┌──────┬───────────┬──────────────┬──────┬──────────┬─────────┬──────────┬──────┐
 *        │ lots │ open buys │ open sells   │ cost │ realised │ closes  │ winners  │  -   │
 *        └──────┴───────────┴──────────────┴──────┴──────────┴─────────┴──────────┴──────┘
 *
 * Cost is what the open position was paid or sold for, ticks × lots, never negative. A close takes its share of the
 * cost, rounded down; the rest stays in the position, so nothing is lost to rounding.
 */
export const POSITION_SHIFT = 3;

export enum Position {
  Lots = 0,
  OpenBuys = 1,
  OpenSells = 2,
  Cost = 3,
  Realised = 4,
  /** Executions that closed a part of a position, and how many of them with a profit. */
  Closes = 5,
  Winners = 6,
}

export class Positions {
  readonly values: Float64Array;

  constructor(memory: StateMemory, name: string, accounts: number) {
    this.values = memory.float64(name, accounts << POSITION_SHIFT);
  }

  /** Open orders grow (an order came) or shrink (it was executed, cancelled or reduced). */
  open(account: number, side: Side, lots: number): void {
    this.values[(account << POSITION_SHIFT) + Position.OpenBuys + side] += lots;
  }

  /** Farthest position that this side's open orders could lead to, with one more order. */
  worstCase(account: number, side: Side, lots: number): number {
    const at = account << POSITION_SHIFT;
    const { values } = this;
    return side === Side.Buy
      ? values[at + Position.Lots] + values[at + Position.OpenBuys] + lots
      : values[at + Position.OpenSells] - values[at + Position.Lots] + lots;
  }

  /** One side of a trade. */
  execute(account: number, side: Side, lots: number, price: number): void {
    const at = account << POSITION_SHIFT;
    const { values } = this;
    values[at + Position.OpenBuys + side] -= lots;
    const held = values[at + Position.Lots];
    const signed = side === Side.Buy ? lots : -lots;
    values[at + Position.Lots] = held + signed;
    if (held === 0 || held > 0 === signed > 0) {
      values[at + Position.Cost] += lots * price;
      return;
    }
    this.close(at, held, lots, price);
  }

  private close(at: number, held: number, lots: number, price: number): void {
    const { values } = this;
    const size = held > 0 ? held : -held;
    // biome-ignore lint/complexity/useMathMinMax: hot path, Math.min has to tell -0 and NaN apart
    const closing = lots < size ? lots : size;
    const cost = values[at + Position.Cost];
    const share = closing === size ? cost : Math.floor(cost * (closing / size));
    const gain = held > 0 ? closing * price - share : share - closing * price;
    values[at + Position.Realised] += gain;
    values[at + Position.Closes] += 1;
    if (gain > 0) values[at + Position.Winners] += 1;
    values[at + Position.Cost] = lots > size ? (lots - size) * price : cost - share;
  }
}
