/** Decimals as whole steps: prices and sizes are compared and added without rounding. */
export function stepsOf(decimal: string, step: string): bigint {
  const places = Math.max(placesOf(decimal), placesOf(step));
  return scaled(decimal, places) / scaled(step, places);
}

/** Of steps that are not negative. */
export function decimalOf(steps: bigint, step: string): string {
  const places = placesOf(step);
  const digits = (steps * scaled(step, places)).toString().padStart(places + 1, "0");
  return places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

const placesOf = (decimal: string): number => decimal.split(".")[1]?.length ?? 0;

function scaled(decimal: string, places: number): bigint {
  const [whole = "0", fraction = ""] = decimal.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(places, "0"));
  return decimal.startsWith("-") ? -size : size;
}

export interface Quotes {
  readonly bid?: string;
  readonly ask?: string;
  /** Of the newest trade. */
  readonly last?: string;
}

/** In a market that has never had an order any price will do. */
const FIRST_PRICE_STEPS = 1_000n;

/**
 * A price at which nobody waits and nobody is met: between the best bid and the best ask. Undefined where there is no
 * room.
 */
export function priceBetween({ bid, ask, last }: Quotes, tick: string): string | undefined {
  const best = { bid: bid && stepsOf(bid, tick), ask: ask && stepsOf(ask, tick) };
  if (best.bid && best.ask) return best.ask - best.bid > 1n ? decimalOf(best.bid + 1n, tick) : undefined;
  if (best.bid) return decimalOf(best.bid + 1n, tick);
  if (best.ask) return best.ask > 1n ? decimalOf(best.ask - 1n, tick) : undefined;
  return last ?? decimalOf(FIRST_PRICE_STEPS, tick);
}
