/** Highest price in ticks. With MAX_QUANTITY it keeps every price × quantity below 2^53, exact in a double. */
export const MAX_PRICE = 2 ** 26 - 1;
/** Highest quantity of one order and highest net position of one account, in lots. */
export const MAX_QUANTITY = 2 ** 27 - 1;
/**
 * Parts in which an iceberg shows itself at most. Each one executed is an event, and one order must not cause so many
 * that all others wait behind it.
 */
export const MAX_PEAKS = 1_000;
/** A symbol is 16 bits of the first word; 0xffff means "all symbols" where a command allows it. */
export const MAX_SYMBOLS = 64;
export const ALL_SYMBOLS = 0xffff;
export const MAX_ACCOUNTS = 65_535;
/** "All accounts" in a command that allows it. */
export const ALL_ACCOUNTS = 0xffff_ffff | 0;
