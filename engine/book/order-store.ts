import type { StateMemory } from "./state-memory";

/**
 * All live orders in one array, 64 bytes an order, one cache line each. Slot 0 is never used: 0 means "none".
 *
 *  word 0      1          2       3         4        5         6        7
 *      ┌──────┬──────────┬───────┬─────────┬────────┬─────────┬────────┬──────┐
 *      │ next │ previous │ price │ visible │ hidden │ account │ traits │ peak │
 *      └──────┴──────────┴───────┴─────────┴────────┴─────────┴────────┴──────┘
 *  word 8         9         10      11      12         13           14       15
 *      ┌─────────┬─────────┬───────────────┬──────────┬────────────┬────────┬────────┐
 *      │ client order id   │ order id (f64)│ quantity │ stop price │ status │ symbol │
 *      └─────────┴─────────┴───────────────┴──────────┴────────────┴────────┴────────┘
 *
 * Invariant: visible + hidden is what is open; quantity - (visible + hidden) is executed or decremented.
 * Free slots form a stack through `next`, so a warm slot is taken again first.
 */
const ORDER_WORDS = 16;
/** slot << ORDER_SHIFT is the order's first word. */
export const ORDER_SHIFT = 4;

export enum OrderWord {
  Next = 0,
  Previous = 1,
  Price = 2,
  Visible = 3,
  Hidden = 4,
  Account = 5,
  Traits = 6,
  Peak = 7,
  ClientLow = 8,
  ClientHigh = 9,
  Quantity = 12,
  StopPrice = 13,
  Status = 14,
  Symbol = 15,
}

/** The order id, counted in doubles from the order's start. */
export const ORDER_ID_DOUBLE = 5;

export enum OrderStatus {
  Free = 0,
  /** Between acceptance and its end or its rest. */
  Working = 1,
  Resting = 2,
  /** A stop that waits for its price. */
  Waiting = 3,
  /** Bit beside the status. */
  PostOnly = 256,
}

enum Control {
  FreeHead = 0,
  HighWater = 1,
  Live = 2,
}

/** The status without the bits beside it. */
export const statusIn = (status: number): OrderStatus => status & 0xff;

export class OrderStore {
  readonly words: Int32Array;
  readonly doubles: Float64Array;
  private readonly control: Int32Array;

  constructor(
    memory: StateMemory,
    readonly capacity: number,
  ) {
    const record = memory.record("orders", (capacity + 1) * ORDER_WORDS);
    this.words = record.words;
    this.doubles = record.doubles;
    this.control = memory.int32("orders.control", 4);
  }

  get live(): number {
    return this.control[Control.Live]!;
  }

  get full(): boolean {
    return this.control[Control.Live] === this.capacity;
  }

  /** A slot for one more order. The caller has looked at `full`. */
  take(): number {
    const { control } = this;
    control[Control.Live]! += 1;
    const free = control[Control.FreeHead]!;
    if (free !== 0) {
      control[Control.FreeHead] = this.words[(free << ORDER_SHIFT) + OrderWord.Next]!;
      return free;
    }
    control[Control.HighWater]! += 1;
    return control[Control.HighWater]!;
  }

  release(slot: number): void {
    const { control, words } = this;
    const order = slot << ORDER_SHIFT;
    words[order + OrderWord.Next] = control[Control.FreeHead]!;
    words[order + OrderWord.Status] = OrderStatus.Free;
    control[Control.FreeHead] = slot;
    control[Control.Live]! -= 1;
  }

  isLive(slot: number): boolean {
    return statusIn(this.words[(slot << ORDER_SHIFT) + OrderWord.Status]!) !== OrderStatus.Free;
  }

  /** Slots that have ever been used are 1 … highWater. */
  get highWater(): number {
    return this.control[Control.HighWater]!;
  }
}
