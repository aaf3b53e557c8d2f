/**
 * Who a command came from, in the 64 bits that the core echoes in every event of the command:
 *
 *   high word:  source (8 bits) | connection, upper part of the offset, or fingerprint of the terms (24)
 *   low word:   ticket, the client's own number, or lower part of the offset
 */
export enum Source {
  /** The engine itself: limits at start, simulated participants. */
  Internal = 0,
  Http = 1,
  WebSocket = 2,
  Kafka = 3,
  /** Entered again out of a file of another history, over HTTP. */
  Reentered = 4,
}

/** Sources whose commands have a ticket, and whose orders are known by the client's key. */
export const isRequested = (source: Source): boolean => source === Source.Http || source === Source.Reentered;

const SOURCE_SHIFT = 24;
const DETAIL_MASK = 0xff_ffff;
const TWO_32 = 2 ** 32;

/** Connection numbers start again after this. */
export const CONNECTION_MAX = DETAIL_MASK;

export const sourceOf = (high: number): Source => high >>> SOURCE_SHIFT;
export const correlationHigh = (source: Source, detail = 0): number => (source << SOURCE_SHIFT) | detail;
export const detailOf = (high: number): number => high & DETAIL_MASK;
export const connectionOf = (high: number): number => high & DETAIL_MASK;

/** An offset below 2^53 fits: 21 bits above the low word. */
export const offsetOf = (high: number, low: number): number => (high & DETAIL_MASK) * TWO_32 + (low >>> 0);
export const offsetCorrelation = (offset: number): { correlationHigh: number; correlationLow: number } => ({
  correlationHigh: correlationHigh(Source.Kafka, Math.floor(offset / TWO_32)),
  correlationLow: offset | 0,
});
