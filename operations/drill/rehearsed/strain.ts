/** What makes the machines and lines of the engines worse for a while, beside the fault of a drill. */
export type Strain =
  /** Each sync of an engine's disk takes longer. */
  | { readonly kind: "slow-syncs"; readonly region: string; readonly syncDelayMs: number; readonly forMs: number }
  | { readonly kind: "full-disk"; readonly region: string; readonly forMs: number }
  /** The line between the engines carries less. */
  | { readonly kind: "throttled-line"; readonly bytesPerSecond: number; readonly forMs: number }
  | { readonly kind: "cut-line"; readonly forMs: number }
  | LeftAlone
  | { readonly kind: "busy-machine"; readonly processes: number; readonly forMs: number };

/** The line is cut, the active engine is told to go on alone, and the line comes back slow: the standby lacks much. */
export interface LeftAlone {
  readonly kind: "left-alone";
  readonly region: string;
  readonly bytesPerSecond: number;
  readonly forMs: number;
  /**
   * How long the line stays slow from the coming of the standby; @default longer than an engine that ends waits for it
   */
  readonly slowForMs?: number;
}

export function strainText(strain: Strain): string {
  const seconds = `for ${(strain.forMs / 1_000).toFixed(1)} s`;
  switch (strain.kind) {
    case "slow-syncs":
      return `syncs of ${strain.region} take ${strain.syncDelayMs} ms more ${seconds}`;
    case "full-disk":
      return `the disk of ${strain.region} is full ${seconds}`;
    case "throttled-line":
      return `the line carries ${strain.bytesPerSecond / 1_000} kB/s ${seconds}`;
    case "cut-line":
      return `the line is cut ${seconds}`;
    case "left-alone":
      return `${strain.region} continues without its standby ${seconds}, then the line carries ${strain.bytesPerSecond / 1_000} kB/s`;
    case "busy-machine":
      return `${strain.processes} busy processes ${seconds}`;
  }
}
