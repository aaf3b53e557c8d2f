import { Side } from "../../protocol";

export interface BookLevel {
  readonly price: number;
  readonly quantity: number;
}

/** Levels that changed since the last increment; quantity 0 means that the level is gone. */
export interface BookIncrement {
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

/** Prices without orders that are kept: a level that comes and goes would otherwise rebuild the map each time. */
const EMPTY_MAX = 1_024;

class BookSide {
  private readonly lotsAt = new Map<number, number>();
  private empty = 0;
  private readonly dirty = new Set<number>();
  private sorted: number[] | undefined;

  constructor(private readonly order: (a: number, b: number) => number) {}

  change(price: number, lots: number): void {
    const before = this.lotsAt.get(price);
    const after = (before ?? 0) + lots;
    this.lotsAt.set(price, after);
    if (before === 0) this.empty -= 1;
    if (after === 0) this.empty += 1;
    if (!before || after === 0) this.sorted = undefined;
    if (this.empty > EMPTY_MAX) this.forgetEmpty();
    this.dirty.add(price);
  }

  private forgetEmpty(): void {
    for (const [price, lots] of this.lotsAt) if (lots === 0) this.lotsAt.delete(price);
    this.empty = 0;
  }

  levels(depth: number): BookLevel[] {
    this.sorted ??= [...this.lotsAt.keys()].filter((price) => this.lotsAt.get(price) !== 0).sort(this.order);
    return this.sorted.slice(0, depth).map((price) => ({ price, quantity: this.lotsAt.get(price) as number }));
  }

  takeChanges(): BookLevel[] {
    const changes = [...this.dirty].map((price) => ({ price, quantity: this.lotsAt.get(price) ?? 0 }));
    this.dirty.clear();
    return changes;
  }

  get changed(): boolean {
    return this.dirty.size > 0;
  }
}

/** One symbol's book by price level, and what has changed in it since somebody last took the changes. */
export class BookView {
  private readonly bids = new BookSide((a, b) => b - a);
  private readonly asks = new BookSide((a, b) => a - b);
  changedAtMicroseconds = 0;
  sequence = 0;

  change(side: Side, price: number, lots: number): void {
    if (lots !== 0) (side === Side.Buy ? this.bids : this.asks).change(price, lots);
  }

  levels(depth: number): BookIncrement {
    return { bids: this.bids.levels(depth), asks: this.asks.levels(depth) };
  }

  get changed(): boolean {
    return this.bids.changed || this.asks.changed;
  }

  takeChanges(): BookIncrement {
    return { bids: this.bids.takeChanges(), asks: this.asks.takeChanges() };
  }
}
