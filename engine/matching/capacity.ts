import { MAX_ACCOUNTS, MAX_SYMBOLS } from "../protocol/limits";

/** How much the core can hold. All memory is taken at start; what does not fit is refused with a reason. */
export interface Capacity {
  readonly symbols: number;
  readonly accounts: number;
  /** Resting orders and waiting stops over all symbols. */
  readonly openOrders: number;
  /** Pages of 1,024 consecutive prices (8 KiB each) over all sides of all books. */
  readonly levelPages: number;
  /** Finished order ids that are still known, so that a repeated one is refused. A power of two, or 0. */
  readonly rememberedOrderIds: number;
}

/** An order takes 64 bytes, its entry in the index up to 24. */
const MAX_OPEN_ORDERS = 2 ** 22;
const MAX_LEVEL_PAGES = 2 ** 18;
const MAX_REMEMBERED = 2 ** 22;

export function checkCapacity(capacity: Capacity): void {
  within("symbols", capacity.symbols, 1, MAX_SYMBOLS);
  within("accounts", capacity.accounts, 1, MAX_ACCOUNTS);
  within("openOrders", capacity.openOrders, 1, MAX_OPEN_ORDERS);
  within("levelPages", capacity.levelPages, 1, MAX_LEVEL_PAGES);
  within("rememberedOrderIds", capacity.rememberedOrderIds, 0, MAX_REMEMBERED);
  const { rememberedOrderIds: ids } = capacity;
  if ((ids & (ids - 1)) !== 0) throw new Error(`capacity.rememberedOrderIds: ${ids}; give a power of two, or 0`);
}

function within(field: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new Error(`capacity.${field}: ${value}; give a whole number from ${least} to ${most}`);
}

/** Two engines with equal fingerprints have equal memory layouts, so a snapshot of one fits the other. */
export const capacityFingerprint = (c: Capacity): string =>
  [c.symbols, c.accounts, c.openOrders, c.levelPages, c.rememberedOrderIds].join("/");
