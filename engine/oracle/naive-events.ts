import { EventType } from "../protocol/event";
import type { NaiveCommand, NaiveOrder } from "./naive-order";

const EVENT_BYTES = 96;

/** Writes events by the documented byte offsets, one fresh array an event. */
export class NaiveEvents {
  readonly list: Uint8Array[] = [];
  private command!: NaiveCommand;
  private commandSequence = 0;

  begin(command: NaiveCommand, sequence: number): void {
    this.command = command;
    this.commandSequence = sequence;
  }

  /** Accepted, modified, triggered. */
  state(type: EventType, order: NaiveOrder): void {
    const view = this.ofOrder(type, order, 0, order.quantity, order.open);
    view.setInt32(64, order.stopPrice, true);
    view.setInt32(84, order.display, true);
  }

  cancelled(order: NaiveOrder, reason: number): void {
    this.ofOrder(EventType.Cancelled, order, reason, order.open, 0);
  }

  pair(type: EventType, taker: NaiveOrder, maker: NaiveOrder, quantity: number): void {
    const view = this.ofOrder(type, taker, 0, quantity, taker.open);
    view.setInt32(52, maker.price, true);
    view.setFloat64(64, maker.id, true);
    view.setInt32(72, maker.account, true);
    view.setInt32(76, maker.clientLow, true);
    view.setInt32(80, maker.clientHigh, true);
    view.setInt32(84, maker.open, true);
  }

  rejected(reason: number): void {
    this.ofCommand(EventType.Rejected, reason | ((this.command.traits & 0xff_ffff) << 8), 0);
  }

  administered(type: EventType, cancelled: number): void {
    this.ofCommand(type, this.command.flags & 0xff, cancelled).setInt32(64, this.command.stopPrice, true);
  }

  private ofOrder(type: EventType, order: NaiveOrder, reason: number, quantity: number, remaining: number): DataView {
    const detail = reason | (order.side << 8) | (order.type << 16) | (order.timeInForce << 24);
    const view = this.common(type, order.symbol, detail, order.id);
    this.subject(view, order.account, order.clientLow, order.clientHigh, order.price, quantity, remaining);
    return view;
  }

  private ofCommand(type: EventType, detail: number, remaining: number): DataView {
    const { symbol, account, clientLow, clientHigh, price, quantity } = this.command;
    const view = this.common(type, symbol, detail, 0);
    this.subject(view, account, clientLow, clientHigh, price, quantity, remaining);
    return view;
  }

  private subject(view: DataView, ...words: number[]): void {
    for (const [place, word] of words.entries()) view.setInt32((10 + place) * 4, word, true);
  }

  private common(type: EventType, symbol: number, detail: number, orderId: number): DataView {
    const bytes = new Uint8Array(EVENT_BYTES);
    this.list.push(bytes);
    const view = new DataView(bytes.buffer);
    view.setInt32(0, type | (1 << 8) | (symbol << 16), true);
    view.setInt32(4, detail, true);
    view.setFloat64(8, this.list.length, true);
    view.setFloat64(16, Number.isNaN(this.command.time) ? 0 : this.command.time, true);
    view.setFloat64(24, orderId, true);
    view.setFloat64(32, this.commandSequence, true);
    view.setInt32(88, this.command.correlationLow, true);
    view.setInt32(92, this.command.correlationHigh, true);
    return view;
  }
}
