import type { OrderType, Side, TimeInForce } from "./command";
import { type CancelReason, EventDouble, EventType, EventWord, type RejectReason } from "./event";
import { orderTypeIn, reasonIn, sideIn, symbolIn, timeInForceIn, traitsIn, typeIn, versionIn } from "./packed-words";
import type { RecordBuffer } from "./record-buffer";

/**
 * Reads one event in place. One view serves a whole stream: `move` it to the next record. What a getter returns
 * holds until then; `copy` gives a plain object to keep.
 */
export class EventView {
  private word = 0;

  constructor(private readonly records: RecordBuffer) {}

  move(index: number): this {
    this.word = this.records.offsetOf(index);
    return this;
  }

  get type(): EventType {
    return typeIn(this.at(EventWord.Header));
  }
  get version(): number {
    return versionIn(this.at(EventWord.Header));
  }
  get symbol(): number {
    return symbolIn(this.at(EventWord.Header));
  }
  /** A reject reason, a cancel reason, or the flags of a kill switch. */
  get reason(): RejectReason | CancelReason {
    return reasonIn(this.at(EventWord.Detail));
  }
  /** Of the order that the event is about; in an execution, of the taker. */
  get side(): Side {
    return sideIn(traitsIn(this.at(EventWord.Detail)));
  }
  get orderType(): OrderType {
    return orderTypeIn(traitsIn(this.at(EventWord.Detail)));
  }
  get timeInForce(): TimeInForce {
    return timeInForceIn(traitsIn(this.at(EventWord.Detail)));
  }
  get sequence(): number {
    return this.double(EventDouble.Sequence);
  }
  get timeMicroseconds(): number {
    return this.double(EventDouble.TimeMicroseconds);
  }
  get orderId(): number {
    return this.double(EventDouble.OrderId);
  }
  get commandSequence(): number {
    return this.double(EventDouble.CommandSequence);
  }
  get account(): number {
    return this.at(EventWord.Account);
  }
  get clientLow(): number {
    return this.at(EventWord.ClientLow);
  }
  get clientHigh(): number {
    return this.at(EventWord.ClientHigh);
  }
  get price(): number {
    return this.at(EventWord.Price);
  }
  get quantity(): number {
    return this.at(EventWord.Quantity);
  }
  get remaining(): number {
    return this.at(EventWord.Remaining);
  }
  /** 0 in events of two orders. */
  get stopPrice(): number {
    return this.paired ? 0 : this.at(EventWord.StopPrice);
  }
  /** The maker's fields are 0 in events of one order. */
  get makerOrderId(): number {
    return this.paired ? this.double(EventDouble.MakerOrderId) : 0;
  }
  get makerAccount(): number {
    return this.paired ? this.at(EventWord.MakerAccount) : 0;
  }
  get makerClientLow(): number {
    return this.paired ? this.at(EventWord.MakerClientLow) : 0;
  }
  get makerClientHigh(): number {
    return this.paired ? this.at(EventWord.MakerClientHigh) : 0;
  }
  get makerRemaining(): number {
    return this.paired ? this.at(EventWord.MakerRemaining) : 0;
  }
  /** Accepted, modified and triggered orders: what an iceberg shows at most; 0 shows everything. */
  get display(): number {
    return this.paired ? 0 : this.at(EventWord.Display);
  }
  get correlationLow(): number {
    return this.at(EventWord.CorrelationLow);
  }
  get correlationHigh(): number {
    return this.at(EventWord.CorrelationHigh);
  }

  /** Every field as a plain object, for tests and for consumers that keep events. */
  copy(): EventRecord {
    const record: Record<string, number> = {};
    for (const field of EVENT_FIELDS) record[field] = this[field];
    return record as unknown as EventRecord;
  }

  /** Whether the event is about two orders. */
  private get paired(): boolean {
    return this.type === EventType.Executed || this.type === EventType.Decremented;
  }
  private at(offset: number): number {
    return this.records.words[this.word + offset]!;
  }
  private double(offset: number): number {
    return this.records.doubles[(this.word >> 1) + offset]!;
  }
}

const EVENT_FIELDS = [
  "type",
  "symbol",
  "reason",
  "side",
  "orderType",
  "timeInForce",
  "sequence",
  "timeMicroseconds",
  "orderId",
  "commandSequence",
  "account",
  "clientLow",
  "clientHigh",
  "price",
  "quantity",
  "remaining",
  "stopPrice",
  "makerOrderId",
  "makerAccount",
  "makerClientLow",
  "makerClientHigh",
  "makerRemaining",
  "display",
  "correlationLow",
  "correlationHigh",
] as const satisfies readonly (keyof EventView)[];

export type EventRecord = { readonly [Field in (typeof EVENT_FIELDS)[number]]: EventView[Field] };
