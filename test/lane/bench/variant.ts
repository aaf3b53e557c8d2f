/** How the engine's threads and its neighbours share the machine in one measurement. */
export interface Variant {
  readonly name: string;
  /** The matching thread has the first CPU, everything else of the engine the second. */
  readonly pinned: boolean;
  /** Busy processes beside it: none, wherever the kernel puts them, or kept off the matching thread's CPU. */
  readonly neighbours: "none" | "anywhere" | "elsewhere";
}

export const VARIANTS: readonly Variant[] = [
  { name: "quiet, kernel decides", pinned: false, neighbours: "none" },
  { name: "quiet, pinned", pinned: true, neighbours: "none" },
  { name: "neighbours, kernel decides", pinned: false, neighbours: "anywhere" },
  { name: "neighbours, pinned", pinned: true, neighbours: "anywhere" },
  { name: "neighbours, pinned and kept apart", pinned: true, neighbours: "elsewhere" },
];

/** One measurement, in nanoseconds from submission to matched. */
export interface Measurement {
  readonly orders: number;
  /** Orders that the queue refused. */
  readonly refused: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly p999Ns: number;
  /** How late the generator itself was: it shares the machine, so this is what no engine could improve. */
  readonly generatorP99Ns: number;
}
