import type { StateMemory } from "./state-memory";

/**
 * The price levels of all ladders, in pages of 1,024 consecutive prices.
 *
 *   levels  page p: │ head, tail │ head, tail │ …  1,024 times        a level is two consecutive words
 *   masks   page p: 32 words, one bit a level: is there an order?
 *   summary page p: one word, one bit a word of the mask
 *
 * A ladder takes a page when the first order of its 1,024 prices comes and gives it back when the last one goes,
 * so memory follows the prices in use and not the range of prices. Page 0 is never used: 0 means "none".
 */
export const PAGE_PRICES_SHIFT = 10;
export const PAGE_PRICES_MASK = (1 << PAGE_PRICES_SHIFT) - 1;
/** page << LEVEL_PAGE_SHIFT is the page's first word in `levels`. */
export const LEVEL_PAGE_SHIFT = PAGE_PRICES_SHIFT + 1;
/** page << MASK_PAGE_SHIFT is the page's first word in `masks`. */
export const MASK_PAGE_SHIFT = 5;

enum Control {
  FreeHead = 0,
  HighWater = 1,
  Used = 2,
}

export class LevelPages {
  readonly levels: Int32Array;
  readonly masks: Int32Array;
  readonly summary: Int32Array;
  private readonly nextFree: Int32Array;
  private readonly control: Int32Array;

  constructor(
    memory: StateMemory,
    readonly capacity: number,
  ) {
    this.levels = memory.int32("levels", (capacity + 1) << LEVEL_PAGE_SHIFT);
    this.masks = memory.int32("levels.masks", (capacity + 1) << MASK_PAGE_SHIFT);
    this.summary = memory.int32("levels.summary", capacity + 1);
    this.nextFree = memory.int32("levels.free", capacity + 1);
    this.control = memory.int32("levels.control", 4);
  }

  get full(): boolean {
    return this.control[Control.Used] === this.capacity;
  }

  /** An empty page. The caller has looked at `full`. */
  take(): number {
    const { control } = this;
    control[Control.Used]! += 1;
    const free = control[Control.FreeHead]!;
    if (free !== 0) {
      control[Control.FreeHead] = this.nextFree[free]!;
      return free;
    }
    control[Control.HighWater]! += 1;
    return control[Control.HighWater]!;
  }

  /** Gives back a page whose levels are all empty, and so all zero. */
  release(page: number): void {
    this.nextFree[page] = this.control[Control.FreeHead]!;
    this.control[Control.FreeHead] = page;
    this.control[Control.Used]! -= 1;
  }
}
