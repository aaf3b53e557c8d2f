import type { EngineConfiguration, SymbolConfiguration } from "../configuration";
import { Problem } from "../problems/problem";
import { Increment } from "./increments";

/** One traded symbol: its place in the engine's arrays, and how its whole steps are written for people. */
export class Instrument {
  readonly tick: Increment;
  readonly lot: Increment;
  /** Ticks × lots in the quote currency: notional values, costs and profits. */
  readonly money: Increment;

  constructor(
    readonly index: number,
    readonly configuration: SymbolConfiguration,
  ) {
    this.tick = new Increment(configuration.tickSize);
    this.lot = new Increment(configuration.lotSize);
    this.money = this.tick.times(this.lot);
  }

  get name(): string {
    return this.configuration.name;
  }
}

/** All symbols of one engine. A symbol's index never changes while its journal lives: new ones are added at the end. */
export class Instruments {
  readonly all: readonly Instrument[];
  private readonly byName: ReadonlyMap<string, Instrument>;

  constructor(symbols: EngineConfiguration["symbols"]) {
    this.all = symbols.map((symbol, index) => new Instrument(index, symbol));
    this.byName = new Map(this.all.map((instrument) => [instrument.name, instrument]));
  }

  at(index: number): Instrument {
    const instrument = this.all[index];
    if (!instrument) throw new Error(`an event names symbol ${index}, the configuration has ${this.all.length}`);
    return instrument;
  }

  named(name: string): Instrument {
    const instrument = this.byName.get(name);
    if (!instrument)
      throw new Problem("SYMBOL_NOT_FOUND", `${name} is not one of ${[...this.byName.keys()].join(", ")}`);
    return instrument;
  }
}
