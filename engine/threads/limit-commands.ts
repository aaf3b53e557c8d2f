import { CommandEncoder } from "../protocol/encode-command";
import type { RecordBuffer } from "../protocol/record-buffer";
import type { EngineLimitSettings } from "./engine";

/**
 * Writes the limits of the configuration as commands: limits are part of the journal, so a replay has them too.
 * A reference price is only set where there is none yet. Returns how many commands there are.
 */
export function limitCommands(
  records: RecordBuffer,
  first: number,
  limits: EngineLimitSettings,
  referencePrices: readonly number[],
): number {
  const encoder = new CommandEncoder(records);
  const timeMicroseconds = Date.now() * 1_000;
  let index = first;
  encoder.engineLimits(index++, { timeMicroseconds, ...limits });
  for (const [symbol, { referencePrice, ...limit }] of limits.symbols.entries()) {
    encoder.symbolLimits(index++, { timeMicroseconds, symbol, ...limit });
    if (referencePrice === undefined || referencePrices[symbol] !== 0) continue;
    encoder.referencePrice(index++, { timeMicroseconds, symbol, price: referencePrice });
  }
  return index - first;
}
