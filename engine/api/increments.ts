/**
 * Converts between the decimals people write ("65000.01") and the whole steps the engine counts in (ticks, lots).
 * Exact: text is split at the point, no binary fraction is ever involved.
 */
export class Increment {
  private readonly decimals: number;
  private readonly unit: number;

  constructor(readonly size: string) {
    this.decimals = size.split(".")[1]?.length ?? 0;
    this.unit = scaled(size, this.decimals) ?? 0;
    if (this.unit <= 0) throw new RangeError(`increment ${size} is not a positive decimal; give one such as "0.01"`);
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
  decimal(steps: number): string {
    const value = Math.abs(steps) * this.unit;
    const digits = Number.isSafeInteger(value) ? String(value) : String(BigInt(Math.abs(steps)) * BigInt(this.unit));
    return `${steps < 0 ? "-" : ""}${placed(digits, this.decimals)}`;
  }
}

/** Puts the point before the last `decimals` digits. */
function placed(digits: string, decimals: number): string {
  if (decimals === 0) return digits;
  const padded = digits.padStart(decimals + 1, "0");
  return `${padded.slice(0, -decimals)}.${padded.slice(-decimals)}`;
}

function scaled(decimal: string, decimals: number): number | undefined {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(decimal);
  if (!match) return undefined;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return undefined;
  const value = Number(match[1] + fraction.padEnd(decimals, "0"));
  return Number.isSafeInteger(value) ? value : undefined;
}
