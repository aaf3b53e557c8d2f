import { EventType, type EventView, OrderType } from "../../protocol";
import { isRequested, sourceOf } from "../correlation";
import { EndedOrders } from "./ended-orders";
import { OrderDouble, OrderRecords, type OrderState, RECORD_SHIFT, RecordWord, Status } from "./order-records";
import { ClientIds, OrderIds } from "./slot-table";

/** Ended orders of HTTP clients that are remembered, so that a repeated request still finds its order: 32 MiB. */
const ENDED_REQUESTED_MAX = 262_144;
/** Others are remembered only until their account has been told: a few milliseconds. */
const ENDED_OTHERS_MAX = 16_384;

export const isOpen = (order: OrderState): boolean => order.remaining > 0 && order.status !== "cancelled";

/** Every open order and the newest ended ones, as the events tell. Orders go by their slots; 0 is none. */
export class OrderView {
  readonly records = new OrderRecords();
  private readonly byId = new OrderIds(this.records);
  private readonly byClientId = new ClientIds(this.records);
  /** Newest open order of each account. */
  private readonly newestOf: Int32Array;
  private readonly endedRequested: EndedOrders;
  private readonly endedOthers = new NewestSlots(ENDED_OTHERS_MAX);
  openCount = 0;

  constructor(accounts: number, endedMax = ENDED_REQUESTED_MAX) {
    this.newestOf = new Int32Array(accounts + 1);
    this.endedRequested = new EndedOrders(this.records, accounts, endedMax, (slot) => this.forget(slot));
  }

  /** Ended orders that are shown, and how many were forgotten before their time. */
  get remembered(): { readonly count: number; readonly forgottenEarly: number } {
    return { count: this.endedRequested.count, forgottenEarly: this.endedRequested.early };
  }

  find(orderId: number): number {
    return this.byId.find(orderId);
  }

  get(orderId: number): OrderState | undefined {
    const slot = this.byId.find(orderId);
    return slot === 0 ? undefined : this.records.state(slot);
  }

  /** The newest order that an account gave this id over HTTP, open or ended lately. */
  byClient(account: number, low: number, high: number): OrderState | undefined {
    const slot = this.byClientId.find(account, low, high);
    return slot === 0 ? undefined : this.records.state(slot);
  }

  /** Newest first. */
  *openOf(account: number): Iterable<OrderState> {
    for (const slot of this.openSlotsOf(account)) yield this.records.state(slot);
  }

  private *openSlotsOf(account: number): Iterable<number> {
    for (let slot = this.newestOf[account] ?? 0; slot !== 0; slot = this.records.word(slot, RecordWord.Older))
      yield slot;
  }

  *open(): Iterable<OrderState> {
    for (const account of this.newestOf.keys()) yield* this.openOf(account);
  }

  accept(event: EventView): number {
    const slot = this.records.take();
    const { words, doubles } = this.records;
    const at = slot << RECORD_SHIFT;
    const type = event.orderType;
    const waits = type === OrderType.Stop || type === OrderType.StopLimit;
    words[at + RecordWord.Side] = event.side;
    words[at + RecordWord.Type] = type;
    words[at + RecordWord.TimeInForce] = event.timeInForce;
    words[at + RecordWord.Status] = waits ? Status.Waiting : Status.Open;
    words[at + RecordWord.Symbol] = event.symbol;
    words[at + RecordWord.Account] = event.account;
    words[at + RecordWord.ClientLow] = event.clientLow;
    words[at + RecordWord.ClientHigh] = event.clientHigh;
    words[at + RecordWord.StopPrice] = event.stopPrice;
    words[at + RecordWord.Display] = event.display;
    words[at + RecordWord.Origin] = event.correlationHigh;
    words[at + RecordWord.EnteredPrice] = words[at + RecordWord.Price] = event.price;
    words[at + RecordWord.EnteredQuantity] = words[at + RecordWord.Quantity] = event.quantity;
    words[at + RecordWord.Filled] = 0;
    words[at + RecordWord.Remaining] = event.remaining;
    words[at + RecordWord.Visible] = 0;
    const double = at >> 1;
    doubles[double + OrderDouble.OrderId] = event.orderId;
    doubles[double + OrderDouble.FilledValue] = 0;
    doubles[double + OrderDouble.AcceptedAt] = doubles[double + OrderDouble.ChangedAt] = event.timeMicroseconds;
    doubles[double + OrderDouble.ChangedSequence] = event.sequence;
    this.include(slot);
    return slot;
  }

  /** Takes over an order that was open when this process started; returns its slot. */
  add(order: OrderState): number {
    return this.takeOver(this.records.put(order));
  }

  /** As `add`, for an open or ended order as another process recorded it. */
  addRecord(words: Int32Array, at: number): number {
    return this.takeOver(this.records.putRecord(words, at));
  }

  /** Slots of everything that another process has to know: open orders and remembered ones, older ones first. */
  *known(): Iterable<number> {
    for (const account of this.newestOf.keys()) yield* [...this.openSlotsOf(account)].reverse();
    yield* this.endedRequested.slots();
  }

  /** Lots left its open quantity: traded, or taken by self-trade prevention without a trade. */
  reduce(slot: number, event: EventView, remaining: number): void {
    const { words, doubles } = this.records;
    const at = slot << RECORD_SHIFT;
    if (event.type === EventType.Executed) {
      const lots = event.quantity;
      words[at + RecordWord.Filled] = (words[at + RecordWord.Filled] as number) + lots;
      const value = (at >> 1) + OrderDouble.FilledValue;
      doubles[value] = (doubles[value] as number) + lots * event.price;
    }
    words[at + RecordWord.Remaining] = remaining;
    const filled = words[at + RecordWord.Filled] !== 0;
    // Without a single trade an order that self-trade prevention used up was cancelled, not filled.
    const used = filled ? Status.Filled : Status.Cancelled;
    this.touch(slot, event, remaining > 0 ? (filled ? Status.PartiallyFilled : Status.Open) : used);
    if (remaining === 0) this.end(slot);
  }

  modify(slot: number, event: EventView): void {
    const { records } = this;
    records.setWord(slot, RecordWord.Price, event.price);
    records.setWord(slot, RecordWord.Quantity, event.quantity);
    records.setWord(slot, RecordWord.Remaining, event.remaining);
    this.touch(slot, event, records.word(slot, RecordWord.Status));
  }

  trigger(slot: number, event: EventView): void {
    this.touch(slot, event, Status.Open);
  }

  cancel(slot: number, event: EventView): void {
    this.records.setWord(slot, RecordWord.Remaining, 0);
    this.touch(slot, event, Status.Cancelled);
    this.end(slot);
  }

  private touch(slot: number, event: EventView, status: Status): void {
    this.records.setWord(slot, RecordWord.Status, status);
    this.records.setDouble(slot, OrderDouble.ChangedAt, event.timeMicroseconds);
    this.records.setDouble(slot, OrderDouble.ChangedSequence, event.sequence);
  }

  private include(slot: number): void {
    const { records, newestOf } = this;
    this.byId.add(slot);
    const account = records.word(slot, RecordWord.Account);
    if (this.isRequested(slot)) this.takeOverClientId(slot, account);
    const older = newestOf[account] as number;
    records.setWord(slot, RecordWord.Older, older);
    records.setWord(slot, RecordWord.Newer, 0);
    if (older !== 0) records.setWord(older, RecordWord.Newer, slot);
    newestOf[account] = slot;
    this.openCount += 1;
  }

  /** An id belongs to the newest order that was given it. */
  private takeOverClientId(slot: number, account: number): void {
    const { records, byClientId } = this;
    const low = records.word(slot, RecordWord.ClientLow);
    const earlier = byClientId.find(account, low, records.word(slot, RecordWord.ClientHigh));
    // Orders that are taken over after a restart come account by account, the open ones first.
    if (earlier !== 0 && records.double(earlier, OrderDouble.OrderId) > records.double(slot, OrderDouble.OrderId))
      return;
    if (earlier !== 0) byClientId.remove(earlier);
    byClientId.add(slot);
  }

  /** The order is open no more. It is remembered for a while in the place of the oldest one that was. */
  private end(slot: number): void {
    const { records, newestOf } = this;
    const older = records.word(slot, RecordWord.Older);
    const newer = records.word(slot, RecordWord.Newer);
    if (newer === 0) newestOf[records.word(slot, RecordWord.Account)] = older;
    else records.setWord(newer, RecordWord.Older, older);
    if (older !== 0) records.setWord(older, RecordWord.Newer, newer);
    this.openCount -= 1;
    this.remember(slot);
  }

  private remember(slot: number): void {
    if (this.isRequested(slot)) {
      this.endedRequested.remember(slot);
      return;
    }
    const forgotten = this.endedOthers.add(slot);
    if (forgotten !== 0) this.forget(forgotten);
  }

  private takeOver(slot: number): number {
    if (this.records.word(slot, RecordWord.Remaining) > 0) {
      this.include(slot);
      return slot;
    }
    this.byId.add(slot);
    if (this.isRequested(slot)) this.takeOverClientId(slot, this.records.word(slot, RecordWord.Account));
    this.remember(slot);
    return slot;
  }

  private forget(slot: number): void {
    this.byId.remove(slot);
    // Without effect for one whose id a newer order has taken over.
    this.byClientId.remove(slot);
    this.records.giveBack(slot);
  }

  private isRequested(slot: number): boolean {
    return isRequested(sourceOf(this.records.word(slot, RecordWord.Origin)));
  }
}

/** The newest slots; the oldest one makes room. */
class NewestSlots {
  private readonly ring: Int32Array;
  private next = 0;

  constructor(max: number) {
    this.ring = new Int32Array(max);
  }

  /** Returns the slot that went for it, 0 while there is room. */
  add(slot: number): number {
    const gone = this.ring[this.next] as number;
    this.ring[this.next] = slot;
    this.next = (this.next + 1) % this.ring.length;
    return gone;
  }
}
