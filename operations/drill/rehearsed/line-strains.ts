import type { Link } from "../trading/link";

/** What one strain does to the line between the engines. */
export type LineStrain = "cut" | { readonly bytesPerSecond: number };

/**
 * The line between the engines under several strains at once: it is as bad as the worst of those that hold. One that
 * ends takes only itself off, so none is cut short by another.
 */
export class LineStrains {
  private readonly holding = new Set<{ readonly strain: LineStrain }>();

  constructor(private readonly lines: () => readonly Pick<Link, "cut" | "throttle" | "mend">[]) {}

  /** Puts a strain on; the answer takes it off. */
  put(strain: LineStrain): () => void {
    const held = { strain };
    this.holding.add(held);
    this.apply();
    return () => {
      if (this.holding.delete(held)) this.apply();
    };
  }

  private apply(): void {
    const strains = [...this.holding].map(({ strain }) => strain);
    const speeds = strains.flatMap((strain) => (strain === "cut" ? [] : [strain.bytesPerSecond]));
    for (const line of this.lines()) {
      line.mend();
      if (speeds.length > 0) line.throttle(Math.min(...speeds));
      if (strains.includes("cut")) line.cut();
    }
  }
}
