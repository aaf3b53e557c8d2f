import type { OrderType, Side, TimeInForce } from "../protocol/command";

/** An order as the oracle sees it: a plain object. */
export interface NaiveOrder {
  readonly id: number;
  readonly symbol: number;
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly prevention: number;
  readonly stopPrice: number;
  readonly display: number;
  readonly postOnly: boolean;
  price: number;
  quantity: number;
  /** Not executed, decremented or cancelled yet; what is shown of it is a part. */
  open: number;
  shown: number;
  place: "working" | "book" | "waiting";
  /** Grows with every arrival at the end of a queue: lower comes first. */
  arrival: number;
}

/** What a command says, field by field. */
export interface NaiveCommand {
  readonly type: number;
  readonly version: number;
  readonly symbol: number;
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly amount: number;
  readonly price: number;
  readonly quantity: number;
  readonly stopPrice: number;
  readonly display: number;
  readonly traits: number;
  readonly flags: number;
  readonly time: number;
  readonly correlationLow: number;
  readonly correlationHigh: number;
}

/** Reads a command by the documented byte offsets, not by the core's constants. */
export function readCommand(bytes: Uint8Array, index: number): NaiveCommand {
  const view = new DataView(bytes.buffer, bytes.byteOffset + index * 64, 64);
  const word = (place: number): number => view.getInt32(place * 4, true);
  return {
    type: word(0) & 0xff,
    version: (word(0) >>> 8) & 0xff,
    symbol: word(0) >>> 16,
    account: word(1),
    clientLow: word(2),
    clientHigh: word(3),
    amount: view.getFloat64(8, true),
    price: word(4),
    quantity: word(5),
    stopPrice: word(6),
    display: word(7),
    traits: word(8),
    flags: word(9),
    time: view.getFloat64(40, true),
    correlationLow: word(14),
    correlationHigh: word(15),
  };
}
