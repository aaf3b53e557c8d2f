import { ORDER_SHIFT, type OrderStore, OrderWord } from "./order-store";
import type { StateMemory } from "./state-memory";

/**
 * Finds an order by (account, client order id), and remembers the ids of the newest finished orders so that a
 * repeated one is refused.
 *
 *   table:  two words an entry: │ hash │ place │     place 0: empty; positive: the slot of a live order;
 *           negative: a finished id, and where in `recent` it stands
 *   recent: │ client low │ client high │ account │ hash │ …   ring, the oldest finished id is forgotten first
 *
 * The table holds no ids: an order has its own, and its cache line is needed next anyway; the hash keeps all others
 * out. Eight entries share a line, and ids that differ in their lowest three bits are neighbours: counting clients
 * stay in the cache. Open addressing with linear probing; removal shifts the followers back, so no tombstones pile
 * up, and finds by their hashes where they belong. At most two thirds are in use.
 */
const FINISHED_BIT = 0x8000_0000 | 0;
const PLACE_MASK = 0x7fff_ffff;
const RECENT_SHIFT = 2;
const NEIGHBOURS_SHIFT = 3;
const NEIGHBOURS_MASK = (1 << NEIGHBOURS_SHIFT) - 1;

/** What `find` returns for an id that was used lately. */
const FINISHED_ORDER = -1;

enum Recent {
  Written = 0,
  /** How many places of the ring hold an id: all of them once it has gone round. */
  Held = 1,
}

export class OrderIndex {
  private readonly table: Int32Array;
  /** Of a word of the table: entries begin at even ones. */
  private readonly mask: number;
  private readonly recent: Int32Array;
  private readonly control: Int32Array;
  private readonly words: Int32Array;
  /** Entry that was found last, and the hash that was looked for. */
  private hint = 0;
  private hintHash = 0;

  constructor(
    memory: StateMemory,
    private readonly orders: OrderStore,
    /** How many finished ids are remembered. A power of two, or 0. */
    private readonly remembered: number,
  ) {
    let entries = 1024;
    while (entries < (orders.capacity + remembered) * 1.5) entries *= 2;
    this.mask = entries * 2 - 1;
    // Not a section: where an entry lies depends on history, what it says does not. `rebuild` makes it anew.
    this.table = new Int32Array(entries * 2);
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
    const place = this.table[entry | 1]!;
    return place < 0 ? FINISHED_ORDER : place;
  }

  /** Takes in a live order whose id was found unknown just before. */
  insert(slot: number): void {
    this.table[this.hint] = this.hintHash;
    this.table[this.hint | 1] = slot;
  }

  /** The order has ended: its id is remembered, and the oldest remembered one forgotten. */
  finish(slot: number): void {
    const entry = this.entryOfLive(slot);
    if (this.remembered === 0) {
      this.removeEntry(entry);
      return;
    }
    const { words, recent, table } = this;
    const order = slot << ORDER_SHIFT;
    const written = this.control[Recent.Written]!;
    const place = written & (this.remembered - 1);
    const at = place << RECENT_SHIFT;
    const full = this.control[Recent.Held] === this.remembered;
    const forgotten = full ? this.entryAt(recent[at | 3]!, FINISHED_BIT | place) : -1;
    if (!full) this.control[Recent.Held]! += 1;
    recent[at] = words[order + OrderWord.ClientLow]!;
    recent[at | 1] = words[order + OrderWord.ClientHigh]!;
    recent[at | 2] = words[order + OrderWord.Account]!;
    recent[at | 3] = table[entry]!;
    table[entry | 1] = FINISHED_BIT | place;
    // Last, because removal moves entries.
    if (forgotten !== -1) this.removeEntry(forgotten);
    this.control[Recent.Written] = (written + 1) | 0;
  }

  /** After a snapshot was loaded: all remembered ids and all live orders go in again. */
  rebuild(): void {
    const { recent, orders, words } = this;
    this.table.fill(0);
    for (let place = 0; place < this.control[Recent.Held]!; place += 1) {
      const at = place << RECENT_SHIFT;
      this.find(recent[at + 2]!, recent[at]!, recent[at + 1]!);
      this.insert(FINISHED_BIT | place);
      recent[at + 3] = this.hintHash;
    }
    for (let slot = 1; slot <= orders.highWater; slot += 1) {
      if (!orders.isLive(slot)) continue;
      const order = slot << ORDER_SHIFT;
      this.find(
        words[order + OrderWord.Account]!,
        words[order + OrderWord.ClientLow]!,
        words[order + OrderWord.ClientHigh]!,
      );
      this.insert(slot);
    }
  }

  /** Entry that holds the id, or the empty one where it belongs. */
  private entryOf(hash: number, account: number, low: number, high: number): number {
    const { table, mask } = this;
    let entry = (hash << 1) & mask;
    for (;;) {
      const place = table[entry | 1]!;
      if (place === 0 || (table[entry] === hash && this.holds(place, account, low, high))) return entry;
      entry = (entry + 2) & mask;
    }
  }

  private holds(place: number, account: number, low: number, high: number): boolean {
    if (place > 0) {
      const { words } = this;
      const order = place << ORDER_SHIFT;
      return (
        words[order + OrderWord.ClientLow] === low &&
        words[order + OrderWord.Account] === account &&
        words[order + OrderWord.ClientHigh] === high
      );
    }
    const { recent } = this;
    const at = (place & PLACE_MASK) << RECENT_SHIFT;
    return recent[at] === low && recent[at | 2] === account && recent[at | 1] === high;
  }

  /** Entry of a live order. What was found last is most often what ends next, unless a removal has moved it since. */
  private entryOfLive(slot: number): number {
    if (this.table[this.hint | 1] === slot) return this.hint;
    const { words } = this;
    const order = slot << ORDER_SHIFT;
    const account = words[order + OrderWord.Account]!;
    const hash = hashOf(account, words[order + OrderWord.ClientLow]!, words[order + OrderWord.ClientHigh]!);
    return this.entryAt(hash, slot);
  }

  /** Entry with this place, which is somewhere behind where its hash belongs. */
  private entryAt(hash: number, place: number): number {
    const { table, mask } = this;
    let entry = (hash << 1) & mask;
    while (table[entry | 1] !== place) entry = (entry + 2) & mask;
    return entry;
  }

  private removeEntry(removed: number): void {
    const { table, mask } = this;
    let hole = removed;
    let entry = removed;
    for (;;) {
      entry = (entry + 2) & mask;
      const place = table[entry | 1]!;
      if (place === 0) break;
      const hash = table[entry]!;
      // The follower may move into the hole only if its home does not lie between the hole and itself.
      if (((entry - (hash << 1)) & mask) < ((entry - hole) & mask)) continue;
      table[hole] = hash;
      table[hole | 1] = place;
      hole = entry;
    }
    table[hole | 1] = 0;
  }
}

/** The place that an id would like to have. Mixes all but the lowest bits (the finalizer of MurmurHash3). */
function hashOf(account: number, low: number, high: number): number {
  let hash = (low >>> NEIGHBOURS_SHIFT) ^ Math.imul(high, 0x9e37_79b1) ^ Math.imul(account + 1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) << NEIGHBOURS_SHIFT) | (low & NEIGHBOURS_MASK);
}
