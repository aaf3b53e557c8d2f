import type { KeptCommand } from "../journal/set-aside-file";
import { correlationHigh, Source, sourceOf } from "../model/correlation";
import { TERMS_UNKNOWN, termsIn, termsOfWords } from "../model/terms";
import type { OrderState } from "../model/views/order-records";
import { isOpen } from "../model/views/order-view";
import type { Views } from "../model/views/views";
import { reasonCode } from "../problems/reasons";
import {
  ALL_ACCOUNTS,
  ALL_SYMBOLS,
  COMMAND_WORDS,
  CommandEncoder,
  CommandType,
  CommandWord,
  RecordBuffer,
  RejectReason,
} from "../protocol";
import { orderTypeIn, sideIn } from "../protocol/packed-words";
import { type ClientCommand, clientCommandOf, isOfClient, type KeptHistory, orderKey, whyUndone } from "./kept-history";
import type { Outcome, Tickets } from "./tickets";

export const REENTRY_RESULTS = ["accepted", "already-there", "refused", "refused-before", "administrative"] as const;

/** What became of one command of the file. */
export interface Reentered {
  readonly command: ClientCommand;
  readonly result: (typeof REENTRY_RESULTS)[number];
  /** Why it was refused, now or in the history that was left. */
  readonly reason?: string;
}

/** Refusals that the core does not know: this history has gone on, and what its clients did since counts. */
const CHANGED_SINCE = "CHANGED_SINCE";
const OTHER_ORDER = "OTHER_ORDER_OF_THIS_NAME";
const UNKNOWN_ORDER = reasonCode(RejectReason.UnknownOrder);

/** Commands that wait for their outcome at once. Their order stays: they go through one queue. */
const UNDER_WAY_MAX = 100;
/** An account's pace lets orders through again after a tenth of a second. */
const RATE_PAUSE_MS = 200;
const RATE_TRIES_MAX = 300;
const RATE_REASONS: ReadonlySet<RejectReason> = new Set([RejectReason.ThroughputLimit, RejectReason.OrderRateLimit]);

/** What is to be sent for a command, or what is known of it without sending anything. */
type Plan = { readonly send: readonly Int32Array[] } | Omit<Reentered, "command">;

/**
 * Enters the commands of a file again, in their order, for the accounts that sent them. Any part of it may have been
 * done before, by this engine or the one that led before it: what is decided follows from the orders alone, which
 * survive restarts and failovers, so a repetition changes nothing. What the old engine had refused stays refused: its
 * client was told so, and today's book and limits might accept it.
 *
 *   new order    entered under its name; one that is there under that name stays as it is
 *   cancel       of an order that the file has entered, or that is older than the command; not of one entered since
 *   modify       the same, and only while the order has terms that it had in the history that was left
 *   cancel all   cancels each order that was there when it was given
 */
export class Reentry {
  constructor(
    private readonly views: Views,
    private readonly tickets: Pick<Tickets, "submit">,
    private readonly history: KeptHistory,
    /** All of it was entered before: a client that has changed an order back to earlier terms means that. */
    private readonly isRepetition: boolean,
  ) {}

  async *run(commands: Iterable<KeptCommand>): AsyncGenerator<Reentered> {
    for (const batch of batchesOf(commands)) {
      yield* await Promise.all(batch.map((command) => this.enterOne(command)));
    }
  }

  private async enterOne(command: ClientCommand): Promise<Reentered> {
    const plan = this.plan(command);
    if (!("send" in plan)) return { command, ...plan };
    const outcomes: Outcome[] = [];
    for (let first = 0; first < plan.send.length; first += UNDER_WAY_MAX) {
      const part = plan.send.slice(first, first + UNDER_WAY_MAX);
      outcomes.push(...(await Promise.all(part.map((words) => this.submit(words)))));
    }
    return { command, ...this.resultOf(command, outcomes) };
  }

  private resultOf(command: ClientCommand, outcomes: readonly Outcome[]): Omit<Reentered, "command"> {
    if (command.type === CommandType.CancelAll) return { result: outcomes.length > 0 ? "accepted" : "already-there" };
    const { reason } = outcomes[0]!;
    if (reason === RejectReason.None) return { result: "accepted" };
    if (reason === RejectReason.DuplicateOrderId) return { result: "already-there" };
    return { result: "refused", reason: reasonCode(reason) };
  }

  private plan(command: ClientCommand): Plan {
    if (!isOfClient(command)) return { result: "administrative" };
    const undone = whyUndone(command);
    if (undone !== undefined) return { result: "refused-before", reason: undone };
    if (command.type === CommandType.CancelAll) return this.planCancelAll(command);
    if (command.type === CommandType.NewOrder) return this.planOrder(command);
    const order = this.standing(command);
    if (!order) return { result: "refused", reason: UNKNOWN_ORDER };
    return command.type === CommandType.Cancel ? this.planCancel(command, order) : this.planModify(command, order);
  }

  private planOrder(command: ClientCommand): Plan {
    const order = this.views.orders.byClient(command.account, command.clientLow, command.clientHigh);
    // The core refuses a name that is taken by an order that did not come over HTTP.
    if (!order) return { send: [command.words] };
    return isSameOrder(order, command) ? { result: "already-there" } : { result: "refused", reason: OTHER_ORDER };
  }

  private planCancel(command: ClientCommand, order: OrderState): Plan {
    if (order.status === "cancelled") return { result: "already-there" };
    if (!isOpen(order)) return { result: "refused", reason: UNKNOWN_ORDER };
    if (!this.isMeant(command, order)) return { result: "refused", reason: CHANGED_SINCE };
    return { send: [command.words] };
  }

  private planModify(command: ClientCommand, order: OrderState): Plan {
    const isUnchanged = isUnchangedSince(order, command);
    if (this.history.reachesFrom(command, order) && !(isUnchanged && isOpen(order))) return { result: "already-there" };
    if (!isOpen(order)) return { result: "refused", reason: UNKNOWN_ORDER };
    const isAsItWas = isUnchanged || isAsEntered(order) || this.history.hadBefore(command, order);
    const may = this.isMeant(command, order) && isAsItWas && !this.isRepetition;
    return may ? { send: [command.words] } : { result: "refused", reason: CHANGED_SINCE };
  }

  private planCancelAll(command: ClientCommand): Plan {
    const { account, symbol } = command;
    const orders = account === ALL_ACCOUNTS ? this.views.orders.open() : this.views.orders.openOf(account);
    const meant = [...orders].filter(
      (order) =>
        (symbol === ALL_SYMBOLS || order.symbol === symbol) &&
        (this.history.entersBefore(order, command.sequence) ? isReentered(order) : isOlder(order, command)),
    );
    return { send: meant.map((order) => cancelOf(order, command)) };
  }

  /** Whether the order is the one that the command was about, and not one that its client has entered since. */
  private isMeant(command: ClientCommand, order: OrderState): boolean {
    return isReentered(order) || isOlder(order, command);
  }

  /** An order that came over HTTP is remembered when it has ended, another one while it is open. */
  private standing({ account, clientLow, clientHigh }: ClientCommand): OrderState | undefined {
    const { orders } = this.views;
    const remembered = orders.byClient(account, clientLow, clientHigh);
    if (remembered) return remembered;
    for (const order of orders.openOf(account)) {
      if (order.clientLow === clientLow && order.clientHigh === clientHigh) return order;
    }
    return undefined;
  }

  /** An account that has sent more in a second than it may is waited for, as its client would. */
  private async submit(words: Int32Array): Promise<Outcome> {
    const high = correlationHigh(Source.Reentered, termsOfWords(words, 0));
    for (let tried = 1; ; tried += 1) {
      const outcome = await this.tickets.submit((encoder, index, { timeMicroseconds, correlationLow }) =>
        encoder.again(index, words, 0, { timeMicroseconds, correlationLow, correlationHigh: high }),
      );
      if (!RATE_REASONS.has(outcome.reason) || tried === RATE_TRIES_MAX) return outcome;
      await new Promise((resolve) => setTimeout(resolve, RATE_PAUSE_MS));
    }
  }
}

/**
 * Commands that may be under way together: what is decided about an order needs to know what became of it until then.
 */
function* batchesOf(commands: Iterable<KeptCommand>): Generator<readonly ClientCommand[]> {
  let batch: ClientCommand[] = [];
  const named = new Set<string>();
  let isAlone = false;
  for (const kept of commands) {
    const command = clientCommandOf(kept);
    const concernsAll = command.type === CommandType.CancelAll;
    if (
      batch.length > 0 &&
      (concernsAll || isAlone || batch.length === UNDER_WAY_MAX || named.has(orderKey(command)))
    ) {
      yield batch;
      batch = [];
      named.clear();
    }
    batch.push(command);
    named.add(orderKey(command));
    isAlone = concernsAll;
  }
  yield batch;
}

const isReentered = ({ origin }: OrderState): boolean => sourceOf(origin) === Source.Reentered;

/** Where the time is not known any more, the order was there before this process began. */
const isOlder = ({ acceptedAtMicroseconds }: OrderState, { atMicroseconds }: ClientCommand): boolean =>
  !(acceptedAtMicroseconds > atMicroseconds);

const isUnchangedSince = ({ changedAtMicroseconds }: OrderState, { atMicroseconds }: ClientCommand): boolean =>
  !(changedAtMicroseconds > atMicroseconds);

const isAsEntered = ({ price, quantity, enteredPrice, enteredQuantity }: OrderState): boolean =>
  price === enteredPrice && quantity === enteredQuantity;

function isSameOrder(order: OrderState, { words, symbol, price, quantity }: ClientCommand): boolean {
  const traits = words[CommandWord.Traits] as number;
  const told = termsIn(order.origin);
  return (
    (told === TERMS_UNKNOWN || told === termsOfWords(words, 0)) &&
    order.symbol === symbol &&
    order.side === sideIn(traits) &&
    order.type === orderTypeIn(traits) &&
    order.enteredPrice === price &&
    order.enteredQuantity === quantity
  );
}

function cancelOf(
  { symbol, account, clientLow, clientHigh }: OrderState,
  { atMicroseconds }: ClientCommand,
): Int32Array {
  const records = RecordBuffer.allocate(1, COMMAND_WORDS);
  const clientOrderId = { low: clientLow, high: clientHigh };
  new CommandEncoder(records).cancel(0, { timeMicroseconds: atMicroseconds, symbol, account, clientOrderId });
  return records.words;
}
