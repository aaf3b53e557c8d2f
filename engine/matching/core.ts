import { ORDER_SHIFT, OrderWord } from "../book/order-store";
import { CommandDouble, CommandType, CommandWord, PROTOCOL_VERSION } from "../protocol/command";
import { CancelReason, RejectReason } from "../protocol/event";
import { symbolIn, typeIn, versionIn } from "../protocol/packed-words";
import type { RecordBuffer } from "../protocol/record-buffer";
import { Administration } from "./administration";
import type { Capacity } from "./capacity";
import { CoreState } from "./core-state";
import { type EventRing, EventWriter } from "./event-writer";
import type { Market } from "./market";
import { Matcher } from "./matcher";
import { OrderAcceptance } from "./order-acceptance";
import { OrderChange } from "./order-change";

/**
 * The whole engine as a function of its input: commands in, events out. It has no clock, no random source and no
 * input but commands, so the same commands make the same events and the same memory, byte by byte.
 *
 *   command ─► version, symbol, account ─► kill switch ─► rates ─► fields ─► limits ─► accepted ─► matched ─► stops
 *                   └──────────────────────────┴── rejected, with a reason ──┘
 */
export class Core {
  /**
   * Applies the command that begins at this word, and writes its sequence into it. Every command causes events.
   *
   * A function of its own that holds the core: while a thread makes only one, V8 takes what it holds for constant, and
   * the core's arrays become addresses in the compiled code.
   */
  readonly apply: (commands: RecordBuffer, at: number) => void;
  readonly state: CoreState;
  readonly events: EventWriter;
  private readonly matcher: Matcher;
  private readonly entry: OrderAcceptance;
  private readonly change: OrderChange;
  private readonly administration: Administration;

  constructor(capacity: Capacity, ring: EventRing) {
    this.state = new CoreState(capacity);
    this.events = new EventWriter(this.state.memory, this.state.orders, ring);
    this.matcher = new Matcher(this.state, this.events);
    this.entry = new OrderAcceptance(this.state, this.events, this.matcher);
    this.change = new OrderChange(this.state, this.events, this.matcher);
    this.administration = new Administration(this.state, this.events, this.matcher);
    this.apply = (commands, at) => this.applyOne(commands, at);
  }

  private applyOne(commands: RecordBuffer, at: number): void {
    commands.doubles[(at >> 1) + CommandDouble.Sequence] = this.state.nextSequence();
    this.events.begin(commands, at);
    const reason = this.dispatch(commands, at);
    if (reason !== RejectReason.None) this.events.rejected(commands, at, reason);
  }

  private dispatch(commands: RecordBuffer, at: number): RejectReason {
    const { words } = commands;
    const header = words[at]!;
    if (versionIn(header) !== PROTOCOL_VERSION) return RejectReason.UnsupportedVersion;
    const time = commands.doubles[(at >> 1) + CommandDouble.TimeMicroseconds]!;
    if (!(time >= 0 && time <= Number.MAX_SAFE_INTEGER)) return RejectReason.InvalidField;
    const type = typeIn(header);
    if (type > CommandType.Modify || type < CommandType.NewOrder) return this.administration.apply(type, commands, at);
    if (symbolIn(header) >= this.state.markets.length) return RejectReason.UnknownSymbol;
    const account = words[at + CommandWord.Account]!;
    if (account >>> 0 >= this.state.capacity.accounts) return RejectReason.UnknownAccount;
    const market = this.state.markets[symbolIn(header)]!;
    if (type === CommandType.Cancel) return this.change.cancel(market, words, at);
    if (this.killed(market, account)) return RejectReason.KillSwitch;
    const { accounts } = this.state;
    if (!accounts.takeEngineRate(time)) return RejectReason.ThroughputLimit;
    if (!accounts.takeAccountRate(account, time)) return RejectReason.OrderRateLimit;
    return this.trade(type, market, commands, at);
  }

  /** What can cause trades, and the stops that those trades set off. */
  private trade(type: CommandType, market: Market, commands: RecordBuffer, at: number): RejectReason {
    this.matcher.triggers.begin();
    const reason =
      type === CommandType.NewOrder
        ? this.entry.enter(market, commands.words, at, this.state.sequence)
        : this.change.modify(market, commands.words, at);
    for (;;) {
      const slot = this.matcher.triggers.next(market);
      if (slot === 0) return reason;
      const account = this.state.orders.words[(slot << ORDER_SHIFT) + OrderWord.Account]!;
      if (this.killed(market, account)) this.matcher.end(market, slot, CancelReason.KillSwitch);
      else this.matcher.work(market, slot);
    }
  }

  private killed(market: Market, account: number): boolean {
    return market.risk.killed || this.state.accounts.killed || this.state.accounts.accountKilled(account);
  }
}
