/** Places of an average beyond those of its step: times the largest position, the error is below one tick × lot. */
const AVERAGE_PLACES = 8;

/**
 * Converts between the decimals people write ("65000.01") and the whole steps the engine counts in (ticks, lots).
 * Exact: text is split at the point, no binary fraction is ever involved.
 */
export class Increment {
  private readonly decimals: number;
  private readonly unit: number;
  /** What most new orders have filled. */
  private readonly zero: string;

  constructor(readonly size: string) {
    this.decimals = size.split(".")[1]?.length ?? 0;
    this.unit = scaled(size, this.decimals) ?? 0;
    if (this.unit <= 0) throw new RangeError(`increment ${size} is not a positive decimal; give one such as "0.01"`);
    this.zero = placed("0", this.decimals);
  }

  /** The step of a product, e.g. ticks × lots. */
  times(other: Increment): Increment {
    return new Increment(placed(String(this.unit * other.unit), this.decimals + other.decimals));
  }

  /** Whole steps in a decimal, or undefined when it is no multiple of the step or too large to be exact. */
  steps(decimal: string): number | undefined {
    const value = scaled(decimal, this.decimals);
    return value === undefined || value % this.unit !== 0 ? undefined : value / this.unit;
  }

  /** The decimal for a number of steps, with as many places as the step has. */
  decimal(steps: number | bigint): string {
    if (steps === 0) return this.zero;
    const value = typeof steps === "bigint" ? Number.NaN : Math.abs(steps) * this.unit;
    const digits = Number.isSafeInteger(value)
      ? String(value)
      : String(BigInt(steps) * BigInt(this.unit)).replace("-", "");
    return `${steps < 0 ? "-" : ""}${placed(digits, this.decimals)}`;
  }

  /**
   * The decimal for `steps` divided by `count`, e.g. an average price, which lies between two steps as a rule: rounded
   * half up at AVERAGE_PLACES beyond the step's own places, without the zeros behind those.
   */
  average(steps: number | bigint, count: number): string {
    if (typeof steps === "number" && steps % count === 0) return this.decimal(steps / count);
    const scale = 10n ** BigInt(AVERAGE_PLACES);
    const doubled = 2n * BigInt(steps) * BigInt(this.unit) * scale;
    const rounded = (doubled + BigInt(count)) / (2n * BigInt(count));
    const digits = placed(String(rounded), this.decimals + AVERAGE_PLACES);
    const significant = digits.slice(-AVERAGE_PLACES).replace(/0+$/, "");
    return `${digits.slice(0, -AVERAGE_PLACES)}${significant}`.replace(/\.$/, "");
  }
}

/** Puts the point before the last `decimals` digits. */
function placed(digits: string, decimals: number): string {
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, "0");
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

const ZERO = "0".charCodeAt(0);
const POINT = ".".charCodeAt(0);
const WHOLE_DIGITS_MAX = 15;

/** The digits as one number, in units of the last decimal place; undefined when they do not fit or say more. */
function scaled(decimal: string, decimals: number): number | undefined {
  let value = 0;
  let point = -1;
  for (let at = 0; at < decimal.length; at++) {
    const code = decimal.charCodeAt(at);
    if (code === POINT && point === -1) {
      point = at;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    if (point === -1 || at - point <= decimals) value = value * 10 + digit;
    else if (digit !== 0) return undefined;
  }
  const whole = point === -1 ? decimal.length : point;
  const places = decimal.length - 1 - whole;
  if (whole < 1 || whole > WHOLE_DIGITS_MAX || places === 0) return undefined;
  value *= 10 ** Math.max(0, decimals - Math.max(0, places));
  return Number.isSafeInteger(value) ? value : undefined;
}
