import { ORDER_SHIFT, type OrderStore, OrderWord } from "./order-store";
import type { StateMemory } from "./state-memory";

/**
 * Finds an order by (account, client order id), and remembers the ids of the newest finished orders so that a
 * repeated one is refused.
 *
 *   table:  │ place │ place │ …   place > 0: slot of a live order; < 0: -1 - place in `recent`; 0: empty
 *   recent: │ client low │ client high │ account │ used │ …   ring, the oldest finished id is forgotten first
 *
 * The table holds no ids: an order has its own, and its cache line is needed next anyway. So 16 entries share a line,
 * and ids that differ in their lowest four bits are neighbours: counting clients stay in the cache. Open addressing
 * with linear probing; removal shifts the followers back, so no tombstones pile up. At most a quarter is in use.
 */
const RECENT_SHIFT = 2;
const NEIGHBOURS_SHIFT = 4;
const NEIGHBOURS_MASK = (1 << NEIGHBOURS_SHIFT) - 1;

export const UNKNOWN_ORDER = 0;

enum Recent {
  Written = 0,
}

export class OrderIndex {
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly recent: Int32Array;
  private readonly control: Int32Array;
  private readonly words: Int32Array;
  /** Entry that was found last: the order that is looked up is most often the next one to end. */
  private hint = 0;

  constructor(
    memory: StateMemory,
    private readonly orders: OrderStore,
    /** How many finished ids are remembered. A power of two, or 0. */
    private readonly remembered: number,
  ) {
    let entries = 1024;
    while (entries < (orders.capacity + remembered) * 4) entries *= 2;
    this.mask = entries - 1;
    // Not a section: where an entry lies depends on history, what it says does not. `rebuild` makes it anew.
    this.table = new Int32Array(entries);
    this.recent = memory.int32("recent", Math.max(remembered, 1) << RECENT_SHIFT);
    this.control = memory.int32("recent.control", 4);
    this.words = orders.words;
  }

  /** Slot of a live order, negative for an id that was used lately, 0 for an unknown id. */
  find(account: number, low: number, high: number): number {
    const entry = this.entryOf(account, low, high);
    this.hint = entry;
    return this.table[entry];
  }

  /** Takes in a live order whose id was found unknown just before. */
  insert(slot: number): void {
    this.table[this.hint] = slot;
  }

  /** The order has ended: its id is remembered, and the oldest remembered one forgotten. */
  finish(slot: number): void {
    const order = slot << ORDER_SHIFT;
    const { words, recent } = this;
    const low = words[order + OrderWord.ClientLow];
    const high = words[order + OrderWord.ClientHigh];
    const account = words[order + OrderWord.Account];
    const entry = this.table[this.hint] === slot ? this.hint : this.entryOf(account, low, high);
    if (this.remembered === 0) {
      this.removeEntry(entry);
      return;
    }
    const written = this.control[Recent.Written];
    const place = written & (this.remembered - 1);
    const at = place << RECENT_SHIFT;
    const forgotten = recent[at + 3] === 0 ? -1 : this.entryOf(recent[at + 2], recent[at], recent[at + 1]);
    recent[at] = low;
    recent[at + 1] = high;
    recent[at + 2] = account;
    recent[at + 3] = 1;
    this.table[entry] = -1 - place;
    // Last, because removal moves entries and has to find the right ids behind them.
    if (forgotten !== -1) this.removeEntry(forgotten);
    this.control[Recent.Written] = (written + 1) | 0;
  }

  /** After a snapshot was loaded: all remembered ids and all live orders go in again. */
  rebuild(): void {
    const { table, recent, orders } = this;
    table.fill(0);
    for (let at = 0; at < recent.length; at += 1 << RECENT_SHIFT) {
      if (recent[at + 3] === 0) continue;
      table[this.entryOf(recent[at + 2], recent[at], recent[at + 1])] = -1 - (at >> RECENT_SHIFT);
    }
    for (let slot = 1; slot <= orders.highWater; slot += 1) {
      if (orders.isLive(slot)) table[this.entryOf(this.accountOf(slot), this.lowOf(slot), this.highOf(slot))] = slot;
    }
  }

  /** Entry that holds the id, or the empty one where it belongs. */
  private entryOf(account: number, low: number, high: number): number {
    const { table, mask, words, recent } = this;
    let entry = homeOf(account, low, high) & mask;
    for (;;) {
      const place = table[entry];
      if (place === 0) return entry;
      if (place > 0) {
        const order = place << ORDER_SHIFT;
        if (
          words[order + OrderWord.ClientLow] === low &&
          words[order + OrderWord.Account] === account &&
          words[order + OrderWord.ClientHigh] === high
        ) {
          return entry;
        }
      } else {
        const at = (-1 - place) << RECENT_SHIFT;
        if (recent[at] === low && recent[at + 2] === account && recent[at + 1] === high) return entry;
      }
      entry = (entry + 1) & mask;
    }
  }

  private removeEntry(removed: number): void {
    const { table, mask } = this;
    let hole = removed;
    let entry = removed;
    for (;;) {
      entry = (entry + 1) & mask;
      const place = table[entry];
      if (place === 0) break;
      const home = this.homeOfPlace(place) & mask;
      // The follower may move into the hole only if its home does not lie between the hole and itself.
      if (((entry - home) & mask) < ((entry - hole) & mask)) continue;
      table[hole] = place;
      hole = entry;
    }
    table[hole] = 0;
  }

  private homeOfPlace(place: number): number {
    if (place > 0) return homeOf(this.accountOf(place), this.lowOf(place), this.highOf(place));
    const at = (-1 - place) << RECENT_SHIFT;
    return homeOf(this.recent[at + 2], this.recent[at], this.recent[at + 1]);
  }

  private accountOf(slot: number): number {
    return this.words[(slot << ORDER_SHIFT) + OrderWord.Account];
  }
  private lowOf(slot: number): number {
    return this.words[(slot << ORDER_SHIFT) + OrderWord.ClientLow];
  }
  private highOf(slot: number): number {
    return this.words[(slot << ORDER_SHIFT) + OrderWord.ClientHigh];
  }
}

/** Mixes everything but the lowest bits (the finalizer of MurmurHash3). */
function homeOf(account: number, low: number, high: number): number {
  let hash = (low >>> NEIGHBOURS_SHIFT) ^ Math.imul(high, 0x9e37_79b1) ^ Math.imul(account + 1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) << NEIGHBOURS_SHIFT) | (low & NEIGHBOURS_MASK);
}
