import { createHash, randomInt } from "node:crypto";
import type { CommandName } from "../model/command-name";
import type { Increment } from "../model/increments";
import type { Instrument, Instruments } from "../model/instruments";
import { TERMS_UNKNOWN, termsIn, termsOf } from "../model/terms";
import type { OrderState } from "../model/views/order-records";
import { isOpen } from "../model/views/order-view";
import type { Views } from "../model/views/views";
import { selfTradePreventionOf, sideOf, timeInForceOf, typeOf } from "../presentation/presentation";
import type { ModifyOrderBody, NewOrderBody } from "../presentation/schemas";
import { Problem } from "../problems/problem";
import { REASONS, reasonCode } from "../problems/reasons";
import { COMMAND_WORDS, CommandEncoder, MAX_PRICE, MAX_QUANTITY, RecordBuffer, RejectReason } from "../protocol";
import type { EngineCore } from "./engine-core";
import type { Outcome, Tickets } from "./tickets";

/** An order as it is now; `replayed` when the idempotency key had already brought it. */
export interface EnteredOrder {
  readonly order: OrderState;
  readonly replayed: boolean;
}

const PROCESS_ID = randomInt(2 ** 31);
let keyless = 0;

/** Called once, with the order or with what it met, and with the command that was sent, if one was. */
export type AnswerCallback<T> = (problem: Error | undefined, answer: T | undefined, command?: CommandName) => void;

type ClientOrderId = { readonly low: number; readonly high: number };
type Write = Parameters<Tickets["send"]>[0];

/** Turns requests into commands and what becomes of them into answers. */
export class OrderEntry {
  /** A command that is only looked at. */
  private readonly scratch = RecordBuffer.allocate(1, COMMAND_WORDS);
  private readonly encoder = new CommandEncoder(this.scratch);

  constructor(
    private readonly instruments: Instruments,
    private readonly views: Views,
    private readonly tickets: Tickets,
    private readonly core: Pick<EngineCore, "restoredIsDurable">,
  ) {}

  /** Throws what can be said at once; anything later comes to `answer`. */
  enter(
    account: number,
    body: NewOrderBody,
    idempotencyKey: string | undefined,
    answer: AnswerCallback<EnteredOrder>,
  ): void {
    const clientOrderId = clientOrderIdOf(account, idempotencyKey);
    const asked = newOrderOf(body, this.instruments.named(body.symbol), account, clientOrderId);
    const terms = idempotencyKey === undefined ? TERMS_UNKNOWN : this.termsOf(asked);
    const earlier = idempotencyKey && this.views.orders.byClient(account, clientOrderId.low, clientOrderId.high);
    if (earlier) {
      // The standby may not have it yet, and it may be lost with this disk.
      if (!this.core.restoredIsDurable) throw new Problem("DURABILITY_TIMEOUT");
      answer(undefined, { order: sameOrder(earlier, asked, terms), replayed: true });
      return;
    }
    this.send(
      (encoder, index, { timeMicroseconds, correlationLow, correlationHigh }) =>
        encoder.newOrder(index, {
          ...asked,
          timeMicroseconds,
          correlationLow,
          correlationHigh: correlationHigh | terms,
        }),
      (outcome) => this.entered(asked, terms, outcome),
      answer,
    );
  }

  modify(account: number, orderId: number, body: ModifyOrderBody, answer: AnswerCallback<OrderState>): void {
    const order = this.openOrder(account, orderId);
    const instrument = this.instruments.at(order.symbol);
    const price = body.price === undefined ? order.price : priceOf(body.price, instrument);
    const quantity = body.quantity === undefined ? order.quantity : quantityOf(body.quantity, instrument);
    this.send(
      (encoder, index, correlation) =>
        encoder.modify(index, { ...referenceTo(order), ...correlation, price, quantity }),
      (outcome) => this.changed(order, outcome),
      answer,
    );
  }

  cancel(account: number, orderId: number, answer: AnswerCallback<OrderState>): void {
    const order = this.openOrder(account, orderId);
    this.send(
      (encoder, index, correlation) => encoder.cancel(index, { ...referenceTo(order), ...correlation }),
      (outcome) => this.changed(order, outcome),
      answer,
    );
  }

  /** Cancels all open orders of an account, in one symbol or in all. */
  cancelAll(account: number, symbol: string | undefined): Promise<Outcome> {
    const about = { account, ...(symbol === undefined ? {} : { symbol: this.instruments.named(symbol).index }) };
    return this.tickets.submit((encoder, index, correlation) => encoder.cancelAll(index, { ...about, ...correlation }));
  }

  /** An order of this account; somebody else's looks like none. */
  order(account: number, orderId: number): OrderState {
    const order = this.find(account, orderId);
    if (!order) throw new Problem("ORDER_NOT_FOUND");
    return order;
  }

  find(account: number, orderId: number): OrderState | undefined {
    const order = this.views.orders.get(orderId);
    return order?.account === account ? order : undefined;
  }

  private openOrder(account: number, orderId: number): OrderState {
    const order = this.order(account, orderId);
    if (isOpen(order)) return order;
    // That it has ended may be known on this disk only.
    if (!this.core.restoredIsDurable) throw new Problem("UNCONFIRMED");
    throw new Problem("ORDER_NOT_OPEN", `the order is ${order.status}`);
  }

  /** Sends a command and answers with what `read` makes of its outcome. */
  private send<T>(write: Write, read: (outcome: Outcome) => T, answer: AnswerCallback<T>): void {
    this.tickets.send(write, (problem, outcome) => {
      if (problem) return answer(problem, undefined, outcome);
      let made: T;
      try {
        made = read(outcome);
      } catch (error) {
        return answer(error as Error, undefined, outcome);
      }
      answer(undefined, made, outcome);
    });
  }

  private termsOf(asked: AskedOrder): number {
    this.encoder.newOrder(0, { ...asked, timeMicroseconds: 0 });
    return termsOf(this.scratch, 0);
  }

  private entered(asked: AskedOrder, terms: number, outcome: Outcome): EnteredOrder {
    if (outcome.reason === RejectReason.DuplicateOrderId) {
      // Two requests with one key were on their way at the same time.
      const { low, high } = asked.clientOrderId;
      const first = this.views.orders.byClient(asked.account, low, high);
      if (first) return { order: sameOrder(first, asked, terms), replayed: true };
      throw new Problem("IDEMPOTENCY_CONFLICT", "the order with this key is too old to be shown");
    }
    refuseRejected(outcome);
    return { order: this.known(outcome.orderId), replayed: false };
  }

  /** The order as it is by now; as it was when it has been forgotten already. */
  private changed(order: OrderState, outcome: Outcome): OrderState {
    const newest = this.views.orders.get(order.orderId) ?? order;
    // With the core's own word, which is the one in the audit: the order ended while this command was on its way.
    if (outcome.reason === RejectReason.UnknownOrder) {
      throw new Problem("ORDER_NOT_OPEN", `it is ${newest.status}`, reasonCode(outcome.reason));
    }
    refuseRejected(outcome);
    return newest;
  }

  private known(orderId: number): OrderState {
    const order = this.views.orders.get(orderId);
    if (!order) throw new Error(`order ${orderId} was accepted and is not in the view`);
    return order;
  }
}

const referenceTo = (order: OrderState) => ({
  symbol: order.symbol,
  account: order.account,
  clientOrderId: { low: order.clientLow, high: order.clientHigh },
});

type AskedOrder = ReturnType<typeof newOrderOf>;

/** One literal with all its fields: objects that are put together from others cost a microsecond more. */
export function newOrderOf(body: NewOrderBody, instrument: Instrument, account: number, clientOrderId: ClientOrderId) {
  return {
    symbol: instrument.index,
    account,
    clientOrderId,
    side: sideOf(body.side),
    type: typeOf(body.type),
    timeInForce: body.timeInForce === undefined ? undefined : timeInForceOf(body.timeInForce),
    price: body.price === undefined ? 0 : priceOf(body.price, instrument),
    quantity: quantityOf(body.quantity, instrument),
    stopPrice: body.stopPrice === undefined ? 0 : priceOf(body.stopPrice, instrument),
    display: body.displayQuantity === undefined ? 0 : quantityOf(body.displayQuantity, instrument),
    postOnly: body.postOnly,
    selfTradePrevention: selfTradePreventionOf(body.selfTradePrevention),
  };
}

export function priceOf(decimal: string, { tick, name }: Instrument): number {
  const ticks = tick.steps(decimal);
  if (ticks === undefined || ticks < 1 || ticks > MAX_PRICE) {
    throw new Problem("INVALID_PRICE", misfit(decimal, name, tick, MAX_PRICE));
  }
  return ticks;
}

/** What is wrong with a decimal that is no number of steps from 1 to `most`. */
function misfit(decimal: string, name: string, step: Increment, most: number): string {
  const highest = step.decimal(most);
  if (Number(decimal) > Number(highest)) return `${decimal} in ${name} is above the maximum, ${highest}`;
  if (Number(decimal) < Number(step.size)) return `${decimal} in ${name} is below the minimum, ${step.size}`;
  return `${decimal} in ${name} is not a multiple of ${step.size}`;
}

export function quantityOf(decimal: string, { lot, name }: Instrument): number {
  const lots = lot.steps(decimal);
  if (lots === undefined || lots < 1 || lots > MAX_QUANTITY) {
    throw new Problem("INVALID_QUANTITY", misfit(decimal, name, lot, MAX_QUANTITY));
  }
  return lots;
}

/**
 * The 64 bits that name an order at the core. With a key they are its hash, so the same key is refused by the core
 * itself, after a restart too; without one they are a random number of this process and a count.
 */
function clientOrderIdOf(account: number, key: string | undefined): ClientOrderId {
  if (key === undefined) {
    keyless = (keyless + 1) | 0;
    return { low: keyless, high: PROCESS_ID };
  }
  const bytes = createHash("sha256").update(`${account}:${key}`).digest();
  return { low: bytes.readInt32LE(0), high: bytes.readInt32LE(4) };
}

/** The order of a key, if it is what is asked for now: its fingerprint says so, and what its events told beside it. */
function sameOrder(order: OrderState, asked: AskedOrder, terms: number): OrderState {
  const told = termsIn(order.origin);
  const same =
    (told === TERMS_UNKNOWN || told === terms) &&
    order.symbol === asked.symbol &&
    order.side === asked.side &&
    order.type === asked.type &&
    order.enteredPrice === asked.price &&
    order.enteredQuantity === asked.quantity &&
    order.stopPrice === asked.stopPrice &&
    order.display === asked.display;
  if (!same) throw new Problem("IDEMPOTENCY_CONFLICT", `the key belongs to order ${order.orderId}`);
  return order;
}

export function refuseRejected({ reason }: Outcome): void {
  if (reason === RejectReason.None) return;
  throw new Problem("ORDER_REJECTED", REASONS[RejectReason[reason] as keyof typeof REASONS]?.means, reasonCode(reason));
}
