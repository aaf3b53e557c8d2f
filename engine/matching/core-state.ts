import { LevelPages } from "../book/level-pages";
import { OrderIndex } from "../book/order-index";
import { ORDER_SHIFT, OrderStatus, OrderStore, OrderWord } from "../book/order-store";
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
    this.index = new OrderIndex(memory, capacity.openOrders, capacity.rememberedOrderIds);
    this.accounts = new AccountRisk(memory, capacity.accounts);
    const pages = new LevelPages(memory, capacity.levelPages);
    this.markets = Array.from(
      { length: capacity.symbols },
      (_, symbol) => new Market(memory, symbol, pages, this.orders, capacity.accounts),
    );
  }

  /** Sequence of the newest command that was applied. */
  get sequence(): number {
    return this.counters[Counter.CommandSequence];
  }

  /** Counts one more command and returns its sequence. */
  nextSequence(): number {
    return ++this.counters[Counter.CommandSequence];
  }

  /** Epoch of the engine that is active; 0 until the first one begins. */
  get epoch(): number {
    return this.counters[Counter.Epoch];
  }

  beginEpoch(epoch: number): void {
    this.counters[Counter.Epoch] = epoch;
  }

  /** After the sections were filled from a snapshot: makes anew what is derived from them. */
  rebuildIndex(): void {
    this.index.rebuild();
    const { words, highWater } = this.orders;
    for (let slot = 1; slot <= highWater; slot += 1) {
      const order = slot << ORDER_SHIFT;
      if ((words[order + OrderWord.Status] & 0xff) === OrderStatus.Free) continue;
      this.index.insert(
        words[order + OrderWord.Account],
        words[order + OrderWord.ClientLow],
        words[order + OrderWord.ClientHigh],
        slot,
      );
    }
  }
}
