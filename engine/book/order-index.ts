import { ORDER_SHIFT, type OrderStore, OrderWord } from "./order-store";
import type { StateMemory } from "./state-memory";

/**
 * Finds an order by (account, client order id), and remembers the ids of the newest finished orders so that a
 * repeated one is refused.
 *
 *   table:  one word an entry: │ finished (1 bit) │ place (23) │ tag (8) │     0: empty
 *           place is the slot of a live order, or where in `recent` a finished id stands
 *   recent: │ client low │ client high │ account │ hash │ …   ring, the oldest finished id is forgotten first
 *
 * The table holds no ids: an order has its own, and its cache line is needed next anyway; the tag, eight bits of the
 * hash, keeps nearly all others out. So 16 entries share a line, and ids that differ in their lowest four bits are
 * neighbours: counting clients stay in the cache. Open addressing with linear probing; removal shifts the followers
 * back, so no tombstones pile up. At most half is in use.
 */
const FINISHED_BIT = 0x8000_0000 | 0;
const PLACE_SHIFT = 8;
const PLACE_MASK = 0x7f_ffff;
const TAG_MASK = 0xff;
const RECENT_SHIFT = 2;
const NEIGHBOURS_SHIFT = 4;
const NEIGHBOURS_MASK = (1 << NEIGHBOURS_SHIFT) - 1;

/** What `find` returns for an id that was used lately. */
export const FINISHED_ORDER = -1;

enum Recent {
  Written = 0,
  /** How many places of the ring hold an id: all of them once it has gone round. */
  Held = 1,
}

export class OrderIndex {
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly recent: Int32Array;
  private readonly control: Int32Array;
  private readonly words: Int32Array;
  /** Entry that was found last: the order that is looked up is most often the next one to end. */
  private hint = 0;
  private hintHash = 0;
  private hintSlot = 0;

  constructor(
    memory: StateMemory,
    private readonly orders: OrderStore,
    /** How many finished ids are remembered. A power of two, or 0. */
    private readonly remembered: number,
  ) {
    let entries = 1024;
    while (entries < (orders.capacity + remembered) * 2) entries *= 2;
    this.mask = entries - 1;
    // Not a section: where an entry lies depends on history, what it says does not. `rebuild` makes it anew.
    this.table = new Int32Array(entries);
    this.recent = memory.int32("recent", Math.max(remembered, 1) << RECENT_SHIFT);
    this.control = memory.int32("recent.control", 4);
    this.words = orders.words;
  }

  /** Slot of a live order, FINISHED_ORDER for an id that was used lately, 0 for an unknown id. */
  find(account: number, low: number, high: number): number {
    const hash = hashOf(account, low, high);
    const entry = this.entryOf(hash, account, low, high);
    this.hint = entry;
    this.hintHash = hash;
    const found = this.table[entry];
    this.hintSlot = found < 0 ? FINISHED_ORDER : found >> PLACE_SHIFT;
    return this.hintSlot;
  }

  /** Takes in a live order whose id was found unknown just before. */
  insert(slot: number): void {
    this.table[this.hint] = (slot << PLACE_SHIFT) | tagOf(this.hintHash);
    this.hintSlot = slot;
  }

  /** The order has ended: its id is remembered, and the oldest remembered one forgotten. */
  finish(slot: number): void {
    const order = slot << ORDER_SHIFT;
    const { words, recent } = this;
    const low = words[order + OrderWord.ClientLow];
    const high = words[order + OrderWord.ClientHigh];
    const account = words[order + OrderWord.Account];
    // Its entry may have been moved by a removal since; then another slot's is there.
    const hinted = this.hintSlot === slot && this.table[this.hint] >> PLACE_SHIFT === slot;
    const hash = hinted ? this.hintHash : hashOf(account, low, high);
    const entry = hinted ? this.hint : this.entryOf(hash, account, low, high);
    if (this.remembered === 0) {
      this.removeEntry(entry);
      return;
    }
    const written = this.control[Recent.Written];
    const place = written & (this.remembered - 1);
    const at = place << RECENT_SHIFT;
    const full = this.control[Recent.Held] === this.remembered;
    const forgotten = full ? this.entryOf(recent[at + 3], recent[at + 2], recent[at], recent[at + 1]) : -1;
    if (!full) this.control[Recent.Held] += 1;
    recent[at] = low;
    recent[at + 1] = high;
    recent[at + 2] = account;
    recent[at + 3] = hash;
    this.table[entry] = FINISHED_BIT | (place << PLACE_SHIFT) | (this.table[entry] & TAG_MASK);
    // Last, because removal moves entries and has to find the right ids behind them.
    if (forgotten !== -1) this.removeEntry(forgotten);
    this.control[Recent.Written] = (written + 1) | 0;
  }

  /** After a snapshot was loaded: all remembered ids and all live orders go in again. */
  rebuild(): void {
    const { recent, orders, words } = this;
    this.table.fill(0);
    for (let place = 0; place < this.control[Recent.Held]; place += 1) {
      const at = place << RECENT_SHIFT;
      this.find(recent[at + 2], recent[at], recent[at + 1]);
      this.table[this.hint] = FINISHED_BIT | (place << PLACE_SHIFT) | tagOf(this.hintHash);
    }
    for (let slot = 1; slot <= orders.highWater; slot += 1) {
      if (!orders.isLive(slot)) continue;
      const order = slot << ORDER_SHIFT;
      this.find(
        words[order + OrderWord.Account],
        words[order + OrderWord.ClientLow],
        words[order + OrderWord.ClientHigh],
      );
      this.insert(slot);
    }
  }

  /** Entry that holds the id, or the empty one where it belongs. */
  private entryOf(hash: number, account: number, low: number, high: number): number {
    const { table, mask } = this;
    const tag = tagOf(hash);
    let entry = hash & mask;
    for (;;) {
      const found = table[entry];
      if (found === 0 || ((found & TAG_MASK) === tag && this.holds(found, account, low, high))) return entry;
      entry = (entry + 1) & mask;
    }
  }

  private holds(found: number, account: number, low: number, high: number): boolean {
    if (found > 0) {
      const { words } = this;
      const order = (found >> PLACE_SHIFT) << ORDER_SHIFT;
      return (
        words[order + OrderWord.ClientLow] === low &&
        words[order + OrderWord.Account] === account &&
        words[order + OrderWord.ClientHigh] === high
      );
    }
    const { recent } = this;
    const at = ((found >> PLACE_SHIFT) & PLACE_MASK) << RECENT_SHIFT;
    return recent[at] === low && recent[at + 2] === account && recent[at + 1] === high;
  }

  private removeEntry(removed: number): void {
    const { table, mask } = this;
    let hole = removed;
    let entry = removed;
    for (;;) {
      entry = (entry + 1) & mask;
      const found = table[entry];
      if (found === 0) break;
      const home = this.hashOfFound(found) & mask;
      // The follower may move into the hole only if its home does not lie between the hole and itself.
      if (((entry - home) & mask) < ((entry - hole) & mask)) continue;
      table[hole] = found;
      hole = entry;
    }
    table[hole] = 0;
  }

  private hashOfFound(found: number): number {
    if (found > 0) {
      const { words } = this;
      const order = (found >> PLACE_SHIFT) << ORDER_SHIFT;
      return hashOf(
        words[order + OrderWord.Account],
        words[order + OrderWord.ClientLow],
        words[order + OrderWord.ClientHigh],
      );
    }
    return this.recent[(((found >> PLACE_SHIFT) & PLACE_MASK) << RECENT_SHIFT) + 3];
  }
}

/** Bits of a hash that the place in the table does not depend on, in a table of up to 2^24 entries. */
const tagOf = (hash: number): number => hash >>> 24;

/** The place that an id would like to have. Mixes all but the lowest bits (the finalizer of MurmurHash3). */
function hashOf(account: number, low: number, high: number): number {
  let hash = (low >>> NEIGHBOURS_SHIFT) ^ Math.imul(high, 0x9e37_79b1) ^ Math.imul(account + 1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) << NEIGHBOURS_SHIFT) | (low & NEIGHBOURS_MASK);
}
