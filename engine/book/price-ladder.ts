import { MAX_PRICE } from "../protocol/limits";
import { LEVEL_PAGE_SHIFT, type LevelPages, MASK_PAGE_SHIFT, PAGE_PRICES_MASK, PAGE_PRICES_SHIFT } from "./level-pages";
import { ORDER_SHIFT, type OrderStore, OrderWord } from "./order-store";
import type { StateMemory } from "./state-memory";

/** Which price comes first in a ladder. */
export enum LadderOrder {
  LowestFirst = 0,
  // biome-ignore lint/style/useLiteralEnumMembers: the mirror of a price is its distance from the highest one
  HighestFirst = MAX_PRICE,
}

/** Above every key: the ladder is empty. */
export const NO_KEY = 0x7fff_ffff;

const LADDER_PAGES = (MAX_PRICE + 1) >> PAGE_PRICES_SHIFT;

/**
 * One side of a book (or of the waiting stops): price levels in order, at each level a queue of orders.
 *
 * Inside, a price is a key: key = price ^ flip, where flip is 0 or all ones. Keys turn "best" into "lowest" for both
 * sides, so one code path serves bids and asks and no branch asks for the side.
 *
 *   key (26 bits) = page (16) | place in page (10)
 *   top (2 words) → middle (64 words) → used (2,048 words, a bit a page) → summary → mask → level → first order
 *
 * Four lowest-bit searches find the best key. Invariants: a bit is set exactly when something below it is;
 * `best` is the lowest key with an order, or NO_KEY.
 */
export class PriceLadder {
  private readonly directory: Int32Array;
  private readonly used: Int32Array;
  private readonly middle: Int32Array;
  /** Words 0 and 1 are the top of the bitmap, word 2 is the best key. */
  private readonly top: Int32Array;
  private readonly levels: Int32Array;
  private readonly masks: Int32Array;
  private readonly summary: Int32Array;
  private readonly orders: Int32Array;

  constructor(
    memory: StateMemory,
    name: string,
    private readonly pages: LevelPages,
    store: OrderStore,
    readonly flip: LadderOrder,
  ) {
    this.directory = memory.int32(`${name}.directory`, LADDER_PAGES);
    this.used = memory.int32(`${name}.used`, LADDER_PAGES >> 5);
    this.middle = memory.int32(`${name}.middle`, LADDER_PAGES >> 10);
    this.top = memory.int32(`${name}.top`, 4);
    this.top[2] = NO_KEY;
    this.levels = pages.levels;
    this.masks = pages.masks;
    this.summary = pages.summary;
    this.orders = store.words;
  }

  get bestKey(): number {
    return this.top[2]!;
  }

  /** First order of the best level; the caller has looked at bestKey. */
  get bestOrder(): number {
    return this.first(this.top[2]!);
  }

  /** First order at a key, or 0. */
  first(key: number): number {
    const page = this.directory[key >> PAGE_PRICES_SHIFT]!;
    return this.levels[(page << LEVEL_PAGE_SHIFT) + ((key & PAGE_PRICES_MASK) << 1)]!;
  }

  /** Whether an order at this price can be held: its page exists or a free one does. */
  canHold(price: number): boolean {
    return this.directory[(price ^ this.flip) >> PAGE_PRICES_SHIFT] !== 0 || !this.pages.full;
  }

  /** Puts an order at the end of the queue of a price. The caller has looked at canHold. */
  append(slot: number, price: number): void {
    const key = price ^ this.flip;
    const place = key & PAGE_PRICES_MASK;
    let page = this.directory[key >> PAGE_PRICES_SHIFT]!;
    if (page === 0) page = this.addPage(key >> PAGE_PRICES_SHIFT);
    const level = (page << LEVEL_PAGE_SHIFT) + (place << 1);
    const order = slot << ORDER_SHIFT;
    const last = this.levels[level + 1]!;
    this.levels[level + 1] = slot;
    this.orders[order + OrderWord.Next] = 0;
    this.orders[order + OrderWord.Previous] = last;
    if (last !== 0) {
      this.orders[(last << ORDER_SHIFT) + OrderWord.Next] = slot;
      return;
    }
    this.levels[level] = slot;
    this.masks[(page << MASK_PAGE_SHIFT) + (place >> 5)]! |= 1 << (place & 31);
    this.summary[page]! |= 1 << (place >> 5);
    if (key < this.top[2]!) this.top[2] = key;
  }

  /** Takes an order out of the queue of a price, wherever it stands. */
  remove(slot: number, price: number): void {
    const key = price ^ this.flip;
    const place = key & PAGE_PRICES_MASK;
    const page = this.directory[key >> PAGE_PRICES_SHIFT]!;
    const level = (page << LEVEL_PAGE_SHIFT) + (place << 1);
    const order = slot << ORDER_SHIFT;
    const next = this.orders[order + OrderWord.Next]!;
    const previous = this.orders[order + OrderWord.Previous]!;
    if (next !== 0) this.orders[(next << ORDER_SHIFT) + OrderWord.Previous] = previous;
    else this.levels[level + 1] = previous;
    if (previous !== 0) {
      this.orders[(previous << ORDER_SHIFT) + OrderWord.Next] = next;
      return;
    }
    this.levels[level] = next;
    if (next === 0) this.clearLevel(key, page, place);
  }

  /** The lowest key above the given one, or NO_KEY. For walks over a book, not for the matching loop. */
  keyAfter(key: number): number {
    const place = key & PAGE_PRICES_MASK;
    const pageIndex = key >> PAGE_PRICES_SHIFT;
    const page = this.directory[pageIndex]!;
    if (page !== 0) {
      for (let next = place + 1; next <= PAGE_PRICES_MASK; next += 1) {
        const word = this.masks[(page << MASK_PAGE_SHIFT) + (next >> 5)]! >>> (next & 31);
        if (word !== 0) return (pageIndex << PAGE_PRICES_SHIFT) + next + lowestBit(word);
        next |= 31;
      }
    }
    for (let next = pageIndex + 1; next < LADDER_PAGES; next += 1) {
      const word = this.used[next >> 5]! >>> (next & 31);
      if (word !== 0) return this.lowestKeyOf(next + lowestBit(word));
      next |= 31;
    }
    return NO_KEY;
  }

  private clearLevel(key: number, page: number, place: number): void {
    const mask = (page << MASK_PAGE_SHIFT) + (place >> 5);
    this.masks[mask]! &= ~(1 << (place & 31));
    if (this.masks[mask] === 0) {
      this.summary[page]! &= ~(1 << (place >> 5));
      if (this.summary[page] === 0) this.removePage(key >> PAGE_PRICES_SHIFT, page);
    }
    if (key === this.top[2]) this.top[2] = this.findBest();
  }

  private findBest(): number {
    const high = this.top[0] !== 0 ? 0 : 1;
    if (this.top[high] === 0) return NO_KEY;
    const middle = (high << 5) + lowestBit(this.top[high]!);
    const used = (middle << 5) + lowestBit(this.middle[middle]!);
    return this.lowestKeyOf((used << 5) + lowestBit(this.used[used]!));
  }

  private lowestKeyOf(pageIndex: number): number {
    const page = this.directory[pageIndex]!;
    const word = lowestBit(this.summary[page]!);
    return (pageIndex << PAGE_PRICES_SHIFT) + (word << 5) + lowestBit(this.masks[(page << MASK_PAGE_SHIFT) + word]!);
  }

  private addPage(pageIndex: number): number {
    const page = this.pages.take();
    this.directory[pageIndex] = page;
    this.used[pageIndex >> 5]! |= 1 << (pageIndex & 31);
    this.middle[pageIndex >> 10]! |= 1 << ((pageIndex >> 5) & 31);
    this.top[pageIndex >> 15]! |= 1 << ((pageIndex >> 10) & 31);
    return page;
  }

  private removePage(pageIndex: number, page: number): void {
    this.directory[pageIndex] = 0;
    this.pages.release(page);
    this.used[pageIndex >> 5]! &= ~(1 << (pageIndex & 31));
    if (this.used[pageIndex >> 5] !== 0) return;
    this.middle[pageIndex >> 10]! &= ~(1 << ((pageIndex >> 5) & 31));
    if (this.middle[pageIndex >> 10] !== 0) return;
    this.top[pageIndex >> 15]! &= ~(1 << ((pageIndex >> 10) & 31));
  }
}

/** Position of the lowest set bit of a word that is not 0. */
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
