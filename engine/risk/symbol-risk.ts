import type { StateMemory } from "../book/state-memory";
import { Side } from "../protocol/command";
import { MAX_PRICE, MAX_QUANTITY } from "../protocol/limits";

const BPS = 10_000;

enum Field {
  MaxOrderLots = 0,
  CollarBps = 1,
  MaxNotional = 2,
  /** Where the collar is measured from: the last trade, until then what an operator has set. */
  Reference = 3,
  LastTrade = 4,
  Killed = 5,
}

/** Limits and prices of one symbol. Until limits are set by a command, only the format's own limits hold. */
export class SymbolRisk {
  private readonly values: Float64Array;

  constructor(memory: StateMemory, name: string) {
    this.values = memory.float64(name, 8);
    this.values[Field.MaxOrderLots] = MAX_QUANTITY;
    this.values[Field.MaxNotional] = Number.MAX_SAFE_INTEGER;
  }

  get maxOrderLots(): number {
    return this.values[Field.MaxOrderLots]!;
  }
  get collarBps(): number {
    return this.values[Field.CollarBps]!;
  }
  get maxNotional(): number {
    return this.values[Field.MaxNotional]!;
  }
  get reference(): number {
    return this.values[Field.Reference]!;
  }
  /** 0 until the first trade. */
  get lastTrade(): number {
    return this.values[Field.LastTrade]!;
  }
  get killed(): boolean {
    return this.values[Field.Killed] !== 0;
  }

  setLimits(maxOrderLots: number, collarBps: number, maxNotional: number): void {
    this.values[Field.MaxOrderLots] = maxOrderLots;
    this.values[Field.CollarBps] = collarBps;
    this.values[Field.MaxNotional] = maxNotional;
  }

  setReference(price: number): void {
    this.values[Field.Reference] = price;
  }

  kill(on: boolean): void {
    this.values[Field.Killed] = on ? 1 : 0;
  }

  traded(price: number): void {
    this.values[Field.Reference] = price;
    this.values[Field.LastTrade] = price;
  }

  /** Whether a price lies too far from a reference. */
  outsideCollar(price: number, reference: number): boolean {
    const bps = this.values[Field.CollarBps]!;
    if (bps === 0 || reference === 0) return false;
    const distance = price > reference ? price - reference : reference - price;
    return distance > Math.floor((reference * bps) / BPS);
  }

  /** Worst price at which a market order may trade. */
  marketBound(side: Side): number {
    const { reference, collarBps } = this;
    const room = collarBps === 0 || reference === 0 ? MAX_PRICE : Math.floor((reference * collarBps) / BPS);
    return side === Side.Buy ? Math.min(MAX_PRICE, reference + room) : Math.max(1, reference - room);
  }
}
