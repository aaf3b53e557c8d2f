import type { StateMemory } from "./state-memory";

/**
 * Finds an order by (account, client order id), and remembers the ids of the newest finished orders so that a
 * repeated one is refused.
 *
 *   table: │ client low │ client high │ account │ place │ …      place > 0: slot of a live order, -1: finished, 0: empty
 *   recent: ring of the finished ids, oldest overwritten first: then the id is forgotten
 *
 * Open addressing with linear probing; removal shifts the followers back, so no tombstones pile up. Ids that differ
 * in their lowest three bits are neighbours (two cache lines), so counting clients stay in the cache; the rest of
 * the id is mixed. The table is at most a quarter full.
 */
const ENTRY_SHIFT = 2;
const FINISHED = -1;

enum Recent {
  Written = 0,
}

export class OrderIndex {
  private readonly table: Int32Array;
  private readonly mask: number;
  private readonly recent: Int32Array;
  private readonly control: Int32Array;

  constructor(
    memory: StateMemory,
    maxOrders: number,
    /** How many finished ids are remembered. A power of two, or 0. */
    private readonly remembered: number,
  ) {
    let entries = 1024;
    while (entries < (maxOrders + remembered) * 4) entries *= 2;
    this.mask = entries - 1;
    // Not a section: where an entry lies depends on history, what it says does not. `rebuild` makes it anew.
    this.table = new Int32Array(entries << ENTRY_SHIFT);
    this.recent = memory.int32("recent", Math.max(remembered, 1) * 4);
    this.control = memory.int32("recent.control", 4);
  }

  /** Slot of a live order, -1 for an id that was used lately, 0 for an unknown id. */
  find(account: number, low: number, high: number): number {
    return this.table[(this.entryOf(account, low, high) << ENTRY_SHIFT) + 3];
  }

  /** The caller has found the id unknown. */
  insert(account: number, low: number, high: number, slot: number): void {
    const entry = this.entryOf(account, low, high) << ENTRY_SHIFT;
    this.table[entry] = low;
    this.table[entry + 1] = high;
    this.table[entry + 2] = account;
    this.table[entry + 3] = slot;
  }

  /** The order has ended: its id is remembered, and the oldest remembered one forgotten. */
  finish(account: number, low: number, high: number): void {
    const entry = this.entryOf(account, low, high);
    if (this.remembered === 0) {
      this.removeEntry(entry);
      return;
    }
    this.table[(entry << ENTRY_SHIFT) + 3] = FINISHED;
    const written = this.control[Recent.Written];
    const place = (written & (this.remembered - 1)) << 2;
    const { recent } = this;
    if (recent[place + 3] !== 0) {
      this.removeEntry(this.entryOf(recent[place + 2], recent[place], recent[place + 1]));
    }
    recent[place] = low;
    recent[place + 1] = high;
    recent[place + 2] = account;
    recent[place + 3] = 1;
    this.control[Recent.Written] = (written + 1) | 0;
  }

  /** After a snapshot was loaded: the remembered ids go in again; the caller inserts the live ones. */
  rebuild(): void {
    this.table.fill(0);
    const { recent } = this;
    for (let place = 0; place < recent.length; place += 4) {
      if (recent[place + 3] !== 0) this.insert(recent[place + 2], recent[place], recent[place + 1], FINISHED);
    }
  }

  /** Entry that holds the id, or the empty one where it belongs. */
  private entryOf(account: number, low: number, high: number): number {
    const { table, mask } = this;
    let entry = homeOf(account, low, high) & mask;
    for (;;) {
      const at = entry << ENTRY_SHIFT;
      if (table[at + 3] === 0) return entry;
      if (table[at] === low && table[at + 1] === high && table[at + 2] === account) return entry;
      entry = (entry + 1) & mask;
    }
  }

  private removeEntry(removed: number): void {
    const { table, mask } = this;
    let hole = removed;
    let entry = removed;
    for (;;) {
      entry = (entry + 1) & mask;
      const at = entry << ENTRY_SHIFT;
      if (table[at + 3] === 0) break;
      const home = homeOf(table[at + 2], table[at], table[at + 1]) & mask;
      // The follower may move into the hole only if its home does not lie between the hole and itself.
      if (((entry - home) & mask) < ((entry - hole) & mask)) continue;
      const to = hole << ENTRY_SHIFT;
      table[to] = table[at];
      table[to + 1] = table[at + 1];
      table[to + 2] = table[at + 2];
      table[to + 3] = table[at + 3];
      hole = entry;
    }
    table[(hole << ENTRY_SHIFT) + 3] = 0;
  }
}

/** Mixes everything but the lowest three bits (the finalizer of MurmurHash3). */
function homeOf(account: number, low: number, high: number): number {
  let hash = (low >>> 3) ^ Math.imul(high, 0x9e37_79b1) ^ Math.imul(account + 1, 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
  return ((hash ^ (hash >>> 16)) << 3) | (low & 7);
}
