import type { StateMemory } from "../book/state-memory";
import { Side } from "../protocol/command";

/**
 * Positions of all accounts in one symbol, eight doubles (one cache line) an account. All values are whole numbers
 * and every operation on them is exact: over all accounts, the sum of `realised` minus signed cost is 0 after every
 * trade. Why nothing is ever rounded by the format of a double:
 *
 *   - A position has less than 2^27 lots (the position limit) of less than 2^26 ticks each, so its cost, and the value
 *     of one execution, are below 2^53.
 *   - A part of the cost is computed without the product cost × lots, which would have up to 80 bits (`shareOf`).
 *   - Profits of many trades have no bound: they are kept in two parts, `realised` within ±2^52 and `realised carries`
 *     of 2^52 each. Only a profit beyond ±2^52 has any.
 *
 *   double 0      1           2             3       4           5         6          7
 *        ┌──────┬───────────┬──────────────┬──────┬──────────┬─────────┬──────────┬──────────────────┐
 *        │ lots │ open buys │ open sells   │ cost │ realised │ closes  │ winners  │ realised carries │
 *        └──────┴───────────┴──────────────┴──────┴──────────┴─────────┴──────────┴──────────────────┘
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
  RealisedCarries = 7,
}

/** One carry of the realised profit. */
export const REALISED_CARRY = 2 ** 52;

export class Positions {
  readonly values: Float64Array;

  constructor(memory: StateMemory, name: string, accounts: number) {
    this.values = memory.float64(name, accounts << POSITION_SHIFT);
  }

  /** Open orders grow (an order came) or shrink (it was executed, cancelled or reduced). */
  open(account: number, side: Side, lots: number): void {
    this.values[(account << POSITION_SHIFT) + Position.OpenBuys + side]! += lots;
  }

  /** Farthest position that this side's open orders could lead to, with one more order. */
  worstCase(account: number, side: Side, lots: number): number {
    const at = account << POSITION_SHIFT;
    const { values } = this;
    return side === Side.Buy
      ? values[at + Position.Lots]! + values[at + Position.OpenBuys]! + lots
      : values[at + Position.OpenSells]! - values[at + Position.Lots]! + lots;
  }

  /** One side of a trade. */
  execute(account: number, side: Side, lots: number, price: number): void {
    const at = account << POSITION_SHIFT;
    const { values } = this;
    values[at + Position.OpenBuys + side]! -= lots;
    const held = values[at + Position.Lots]!;
    const signed = side === Side.Buy ? lots : -lots;
    values[at + Position.Lots] = held + signed;
    if (held === 0 || held > 0 === signed > 0) {
      values[at + Position.Cost]! += lots * price;
      return;
    }
    this.close(at, held, lots, price);
  }

  private close(at: number, held: number, lots: number, price: number): void {
    const { values } = this;
    const size = held > 0 ? held : -held;
    // biome-ignore lint/complexity/useMathMinMax: hot path, Math.min has to tell -0 and NaN apart
    const closing = lots < size ? lots : size;
    const cost = values[at + Position.Cost]!;
    const share = closing === size ? cost : shareOf(cost, closing, size);
    const gain = held > 0 ? closing * price - share : share - closing * price;
    this.realise(at, gain);
    values[at + Position.Closes]! += 1;
    if (gain > 0) values[at + Position.Winners]! += 1;
    values[at + Position.Cost] = lots > size ? (lots - size) * price : cost - share;
  }

  /** Neither the gain (below 2^53) nor the sum may grow beyond 2^53 on the way. */
  private realise(at: number, gain: number): void {
    const { values } = this;
    let rest = gain;
    if (rest >= REALISED_CARRY || rest <= -REALISED_CARRY) {
      const carry = rest > 0 ? 1 : -1;
      values[at + Position.RealisedCarries]! += carry;
      rest -= carry * REALISED_CARRY;
    }
    const sum = values[at + Position.Realised]! + rest;
    values[at + Position.Realised] = sum;
    if (sum <= REALISED_CARRY && sum >= -REALISED_CARRY) return;
    const carry = sum > 0 ? 1 : -1;
    values[at + Position.RealisedCarries]! += carry;
    values[at + Position.Realised] = sum - carry * REALISED_CARRY;
  }
}

/**
 * floor(cost × part / size) for 0 < part < size, exactly. With cost = price × size + rest it is
 * price × part + floor(rest × part / size). Rest and part are below size < 2^27; of part and size - part the smaller
 * one is taken, at most 2^26, so that the product stays below 2^53. Both quotients are below 2^26 and lie at least
 * 1 / size > 2^-27 below the next whole number, while a double near 2^26 is rounded by at most 2^-28: floor is exact.
 */
function shareOf(cost: number, part: number, size: number): number {
  const price = Math.floor(cost / size);
  const rest = cost - price * size;
  const left = size - part;
  const restShare = part <= left ? Math.floor((rest * part) / size) : rest - Math.ceil((rest * left) / size);
  return price * part + restShare;
}

/** The whole realised profit of the account whose values begin at `at`, in ticks × lots. Not for the hot path. */
export const realisedOf = (values: Float64Array, at: number): bigint =>
  BigInt(values[at + Position.RealisedCarries] as number) * BigInt(REALISED_CARRY) +
  BigInt(values[at + Position.Realised] as number);

/** Splits a whole profit into the two values that are kept. */
export function setRealised(values: Float64Array, at: number, realised: bigint): void {
  const carries = realised / BigInt(REALISED_CARRY);
  values[at + Position.RealisedCarries] = Number(carries);
  values[at + Position.Realised] = Number(realised - carries * BigInt(REALISED_CARRY));
}
