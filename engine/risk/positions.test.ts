import fc from "fast-check";
import { StateMemory } from "../book/state-memory";
import { Side } from "../protocol/command";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";
import { Position, Positions, REALISED_CARRY, realisedOf, setRealised } from "./positions";

const { Buy, Sell } = Side;

interface Trade {
  readonly side: Side;
  readonly lots: number;
  readonly price: number;
}

/** Average cost as it is defined, in numbers of any size. */
class ExactPosition {
  lots = 0n;
  cost = 0n;
  realised = 0n;
  winners = 0;

  execute({ side, lots, price }: Trade): void {
    const [signed, value] = [BigInt(side === Buy ? lots : -lots), BigInt(price)];
    const opens = this.lots === 0n || this.lots > 0n === signed > 0n;
    const size = abs(this.lots);
    const closing = opens ? 0n : min(abs(signed), size);
    if (closing > 0n) {
      const share = (this.cost * closing) / size;
      const gain = this.lots > 0n ? closing * value - share : share - closing * value;
      this.cost -= share;
      this.realised += gain;
      if (gain > 0n) this.winners += 1;
    }
    this.cost += (abs(signed) - closing) * value;
    this.lots += signed;
  }
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const onePosition = () => new Positions(new StateMemory(), "one", 1);

/** Small and greatest numbers alike; a side that would leave the format's limit for positions becomes the other one. */
const trades = fc
  .array(
    fc.record({
      side: fc.constantFrom(Buy, Sell),
      lots: fc.oneof(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: MAX_QUANTITY }),
        fc.integer({ min: MAX_QUANTITY - 3, max: MAX_QUANTITY }),
      ),
      price: fc.oneof(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: MAX_PRICE }),
        fc.integer({ min: MAX_PRICE - 3, max: MAX_PRICE }),
      ),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((wishes) => {
    let held = 0;
    return wishes.map((wish): Trade => {
      const signed = wish.side === Buy ? wish.lots : -wish.lots;
      const side = Math.abs(held + signed) > MAX_QUANTITY ? ((1 - wish.side) as Side) : wish.side;
      held += side === Buy ? wish.lots : -wish.lots;
      return { ...wish, side };
    });
  });

describe("Positions", () => {
  it("realise nothing when a part is sold for what it was bought, whatever its share", () => {
    const positions = onePosition();
    positions.execute(0, Buy, 49, 1);
    positions.execute(0, Sell, 1, 1);
    expect(realisedOf(positions.values, 0)).toBe(0n);
    expect(positions.values[Position.Winners]).toBe(0);
    expect(positions.values[Position.Cost]).toBe(48);
  });

  it("equal exact arithmetic after every trade, up to the greatest prices and quantities", () => {
    fc.assert(
      fc.property(trades, (sequence) => {
        const positions = onePosition();
        const exact = new ExactPosition();
        for (const trade of sequence) {
          positions.execute(0, trade.side, trade.lots, trade.price);
          exact.execute(trade);
          const { values } = positions;
          expect(BigInt(values[Position.Lots]!)).toBe(exact.lots);
          expect(BigInt(values[Position.Cost]!)).toBe(exact.cost);
          expect(realisedOf(values, 0)).toBe(exact.realised);
          expect(values[Position.Winners]).toBe(exact.winners);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("keep a profit that no double holds exactly", () => {
    const positions = onePosition();
    const exact = new ExactPosition();
    for (let round = 0; round < 9; round += 1) {
      for (const trade of [
        { side: Buy, lots: MAX_QUANTITY, price: 1 },
        { side: Sell, lots: MAX_QUANTITY, price: MAX_PRICE },
      ]) {
        positions.execute(0, trade.side, trade.lots, trade.price);
        exact.execute(trade);
      }
    }
    expect(exact.realised > 2n ** 55n).toBe(true);
    expect(realisedOf(positions.values, 0)).toBe(exact.realised);
  });

  it("leave both sides of every trade with the same money", () => {
    fc.assert(
      fc.property(trades, (sequence) => {
        const positions = new Positions(new StateMemory(), "two", 2);
        let paid = 0n;
        for (const { side, lots, price } of sequence) {
          positions.execute(0, side, lots, price);
          positions.execute(1, (1 - side) as Side, lots, price);
          paid = [0, 8].reduce((sum, at) => {
            const held = positions.values[at + Position.Lots]!;
            const cost = BigInt(positions.values[at + Position.Cost]!);
            return sum + realisedOf(positions.values, at) - (held < 0 ? -cost : cost);
          }, 0n);
          expect(paid).toBe(0n);
        }
      }),
    );
  });

  it("take a profit back as it was written down", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (realised) => {
        const values = new Float64Array(8);
        setRealised(values, 0, realised);
        expect(realisedOf(values, 0)).toBe(realised);
        expect(Math.abs(values[Position.Realised]!)).toBeLessThan(REALISED_CARRY);
      }),
    );
  });
});
