import { EventType, type EventView, OrderType, RejectReason, type Side, type TimeInForce } from "../../protocol";
import { Source, sourceOf } from "../correlation";

export type OrderStatus = "waiting" | "open" | "partially_filled" | "filled" | "cancelled";

/** What is known of one order, in ticks and lots. Changes in place while the order lives. */
export interface OrderState {
  readonly orderId: number;
  readonly account: number;
  readonly symbol: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly stopPrice: number;
  readonly display: number;
  /** Came over HTTP, where a request may be repeated. */
  readonly requested: boolean;
  /** As the order was entered, whatever it was modified to since. */
  readonly enteredPrice: number;
  readonly enteredQuantity: number;
  readonly acceptedAtMicroseconds: number;
  price: number;
  quantity: number;
  /** Executed, in lots. */
  filled: number;
  /** Sum of ticks × lots over its executions. */
  filledValue: number;
  /** Open in the engine, shown or not. */
  remaining: number;
  /** What the book shows of it. */
  visible: number;
  status: OrderStatus;
  changedAtMicroseconds: number;
  changedSequence: number;
}

/** Ended orders of HTTP clients that are remembered, so that a repeated request still finds its order. */
const ENDED_REQUESTED_MAX = 100_000;
/** Others are remembered only until their account has been told: a few milliseconds. */
const ENDED_OTHERS_MAX = 16_384;

export const isOpen = (order: OrderState): boolean => order.remaining > 0 && order.status !== "cancelled";

const clientKey = (account: number, low: number, high: number): string => `${account}:${high >>> 0}:${low >>> 0}`;

/** Every open order and the newest ended ones, as the events tell. */
export class OrderView {
  private readonly orders = new Map<number, OrderState>();
  private readonly openOfAccount = new Map<number, Set<OrderState>>();
  private readonly byClientKey = new Map<string, OrderState>();
  private readonly endedRequested = new EndedOrders(ENDED_REQUESTED_MAX);
  private readonly endedOthers = new EndedOrders(ENDED_OTHERS_MAX);
  openCount = 0;

  get(orderId: number): OrderState | undefined {
    return this.orders.get(orderId);
  }

  /** The newest order that an account gave this id over HTTP, open or ended lately. */
  byClient(account: number, low: number, high: number): OrderState | undefined {
    return this.byClientKey.get(clientKey(account, low, high));
  }

  openOf(account: number): Iterable<OrderState> {
    return this.openOfAccount.get(account) ?? [];
  }

  *open(): Iterable<OrderState> {
    for (const orders of this.openOfAccount.values()) yield* orders;
  }

  accept(event: EventView): OrderState {
    const waits = event.orderType === OrderType.Stop || event.orderType === OrderType.StopLimit;
    const order: OrderState = {
      orderId: event.orderId,
      account: event.account,
      symbol: event.symbol,
      side: event.side,
      type: event.orderType,
      timeInForce: event.timeInForce,
      clientLow: event.clientLow,
      clientHigh: event.clientHigh,
      stopPrice: event.stopPrice,
      display: event.display,
      requested: sourceOf(event.correlationHigh) === Source.Http,
      enteredPrice: event.price,
      enteredQuantity: event.quantity,
      acceptedAtMicroseconds: event.timeMicroseconds,
      price: event.price,
      quantity: event.quantity,
      filled: 0,
      filledValue: 0,
      remaining: event.remaining,
      visible: 0,
      status: waits ? "waiting" : "open",
      changedAtMicroseconds: event.timeMicroseconds,
      changedSequence: event.sequence,
    };
    this.add(order);
    return order;
  }

  /** Takes over an order that was open when this process started. */
  add(order: OrderState): void {
    this.orders.set(order.orderId, order);
    if (order.requested) this.byClientKey.set(clientKey(order.account, order.clientLow, order.clientHigh), order);
    const open = this.openOfAccount.get(order.account);
    if (open) open.add(order);
    else this.openOfAccount.set(order.account, new Set([order]));
    this.openCount += 1;
  }

  /** Lots left its open quantity: traded, or taken by self-trade prevention without a trade. */
  reduce(order: OrderState, event: EventView, remaining: number): void {
    if (event.type === EventType.Executed) {
      order.filled += event.quantity;
      order.filledValue += event.quantity * event.price;
    }
    order.remaining = remaining;
    this.touch(order, event, remaining > 0 ? (order.filled > 0 ? "partially_filled" : "open") : endOf(order));
    if (remaining === 0) this.end(order);
  }

  modify(order: OrderState, event: EventView): void {
    order.price = event.price;
    order.quantity = event.quantity;
    order.remaining = event.remaining;
    this.touch(order, event, order.status);
  }

  trigger(order: OrderState, event: EventView): void {
    this.touch(order, event, "open");
  }

  cancel(order: OrderState, event: EventView): void {
    order.remaining = 0;
    this.touch(order, event, "cancelled");
    this.end(order);
  }

  private touch(order: OrderState, event: EventView, status: OrderStatus): void {
    order.status = status;
    order.changedAtMicroseconds = event.timeMicroseconds;
    order.changedSequence = event.sequence;
  }

  private end(order: OrderState): void {
    const open = this.openOfAccount.get(order.account);
    if (!open?.delete(order)) return;
    this.openCount -= 1;
    const forgotten = (order.requested ? this.endedRequested : this.endedOthers).remember(order);
    if (!forgotten) return;
    this.orders.delete(forgotten.orderId);
    if (!forgotten.requested) return;
    const key = clientKey(forgotten.account, forgotten.clientLow, forgotten.clientHigh);
    // A newer order may have taken the id over.
    if (this.byClientKey.get(key) === forgotten) this.byClientKey.delete(key);
  }
}

/** The newest orders that have ended. */
class EndedOrders {
  private readonly ring: OrderState[] = [];
  private first = 0;

  constructor(private readonly max: number) {}

  /** Returns the order that is forgotten for it. */
  remember(order: OrderState): OrderState | undefined {
    if (this.ring.length < this.max) {
      this.ring.push(order);
      return undefined;
    }
    const forgotten = this.ring[this.first];
    this.ring[this.first] = order;
    this.first = (this.first + 1) % this.max;
    return forgotten;
  }
}

/** Without a single trade an order that self-trade prevention used up was cancelled, not filled. */
const endOf = (order: OrderState): OrderStatus => (order.filled > 0 ? "filled" : "cancelled");

/** `OrderSizeLimit` → `ORDER_SIZE_LIMIT`: reasons as the API writes them. */
export const reasonCode = (reason: RejectReason): string =>
  (RejectReason[reason] ?? "Unknown").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
