import { LevelPages } from "../book/level-pages";
import { OrderIndex } from "../book/order-index";
import { OrderStore } from "../book/order-store";
import { StateMemory } from "../book/state-memory";
import { AccountRisk } from "../risk/account-risk";
import { type Capacity, checkCapacity } from "./capacity";
import { Market } from "./market";

enum Counter {
  CommandSequence = 0,
  Epoch = 1,
}

/** Everything that the core remembers between two commands. */
export class CoreState {
  readonly memory = new StateMemory();
  readonly orders: OrderStore;
  readonly index: OrderIndex;
  readonly markets: readonly Market[];
  readonly accounts: AccountRisk;
  private readonly counters: Float64Array;

  constructor(readonly capacity: Capacity) {
    checkCapacity(capacity);
    const { memory } = this;
    this.counters = memory.float64("core", 4);
    this.orders = new OrderStore(memory, capacity.openOrders);
    this.index = new OrderIndex(memory, this.orders, capacity.rememberedOrderIds);
    this.accounts = new AccountRisk(memory, capacity.accounts);
    const pages = new LevelPages(memory, capacity.levelPages);
    this.markets = Array.from(
      { length: capacity.symbols },
      (_, symbol) => new Market(memory, symbol, pages, this.orders, capacity.accounts),
    );
  }

  /** Sequence of the newest command that was applied. */
  get sequence(): number {
    return this.counters[Counter.CommandSequence]!;
  }

  /** Counts one more command and returns its sequence. */
  nextSequence(): number {
    return ++this.counters[Counter.CommandSequence]!;
  }

  /** Epoch of the engine that is active; 0 until the first one begins. */
  get epoch(): number {
    return this.counters[Counter.Epoch]!;
  }

  beginEpoch(epoch: number): void {
    this.counters[Counter.Epoch] = epoch;
  }
}
