import { OrderDouble, type OrderRecords, RecordWord } from "./order-records";

const FIRST_ENTRIES = 8_192;
/** 2^32 divided by the golden ratio: spreads neighbouring numbers. */
const GOLDEN = 0x9e37_79b1 | 0;

/**
 * Finds slots by something that their records say. Open addressing with linear probing: an entry is two words, a slot
 * (0: empty) and its hash, so that nobody has to look at the records of others, which are not in the CPU's caches;
 * removal shifts the followers back; at most half is in use.
 */
abstract class SlotTable {
  protected table = new Int32Array(FIRST_ENTRIES * 2);
  protected mask = FIRST_ENTRIES - 1;
  private used = 0;

  constructor(protected readonly records: OrderRecords) {}

  protected abstract hashOf(slot: number): number;

  add(slot: number): void {
    if (this.used * 2 > this.mask) this.grow();
    this.used += 1;
    this.place(slot, this.hashOf(slot));
  }

  /** Takes a slot out; without effect when it is not in the table. */
  remove(slot: number): void {
    const { table, mask } = this;
    let hole = this.hashOf(slot) & mask;
    while (table[hole * 2] !== slot) {
      if (table[hole * 2] === 0) return;
      hole = (hole + 1) & mask;
    }
    this.used -= 1;
    for (let next = (hole + 1) & mask; table[next * 2] !== 0; next = (next + 1) & mask) {
      const hash = table[next * 2 + 1] as number;
      // An entry may only move back as far as its own home.
      if (((next - hash) & mask) < ((next - hole) & mask)) continue;
      table[hole * 2] = table[next * 2] as number;
      table[hole * 2 + 1] = hash;
      hole = next;
    }
    table[hole * 2] = 0;
  }

  private place(slot: number, hash: number): void {
    let entry = hash & this.mask;
    while (this.table[entry * 2] !== 0) entry = (entry + 1) & this.mask;
    this.table[entry * 2] = slot;
    this.table[entry * 2 + 1] = hash;
  }

  private grow(): void {
    const before = this.table;
    this.table = new Int32Array(before.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] !== 0) this.place(before[at] as number, before[at + 1] as number);
    }
  }
}

const NEIGHBOURS_BITS = 3;
/** Ids come one after the other: eight of them share a cache line of the table. */
const hashOfId = (orderId: number): number => {
  const low = orderId | 0;
  const spread = Math.imul(low >>> NEIGHBOURS_BITS, GOLDEN);
  return ((spread ^ (spread >>> 15)) << NEIGHBOURS_BITS) | (low & ((1 << NEIGHBOURS_BITS) - 1));
};

/** By order id. */
export class OrderIds extends SlotTable {
  /** The order's slot, 0 for an unknown one. */
  find(orderId: number): number {
    const { table, mask, records } = this;
    const hash = hashOfId(orderId);
    for (let entry = hash & mask; ; entry = (entry + 1) & mask) {
      const slot = table[entry * 2] as number;
      if (slot === 0) return 0;
      if (table[entry * 2 + 1] === hash && records.double(slot, OrderDouble.OrderId) === orderId) return slot;
    }
  }

  protected hashOf(slot: number): number {
    return hashOfId(this.records.double(slot, OrderDouble.OrderId));
  }
}

const hashOfClient = (account: number, low: number, high: number): number => {
  const mixed = Math.imul(Math.imul(low ^ Math.imul(high, GOLDEN), GOLDEN) ^ account, GOLDEN);
  return mixed ^ (mixed >>> 15);
};

/** By account and the client's own id. */
export class ClientIds extends SlotTable {
  find(account: number, low: number, high: number): number {
    const { table, mask } = this;
    const hash = hashOfClient(account, low, high);
    for (let entry = hash & mask; ; entry = (entry + 1) & mask) {
      const slot = table[entry * 2] as number;
      if (slot === 0) return 0;
      if (table[entry * 2 + 1] === hash && this.belongs(slot, account, low, high)) return slot;
    }
  }

  protected hashOf(slot: number): number {
    const { records } = this;
    return hashOfClient(
      records.word(slot, RecordWord.Account),
      records.word(slot, RecordWord.ClientLow),
      records.word(slot, RecordWord.ClientHigh),
    );
  }

  private belongs(slot: number, account: number, low: number, high: number): boolean {
    const { records } = this;
    return (
      records.word(slot, RecordWord.ClientLow) === (low | 0) &&
      records.word(slot, RecordWord.ClientHigh) === (high | 0) &&
      records.word(slot, RecordWord.Account) === account
    );
  }
}
