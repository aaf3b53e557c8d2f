import { CommandType, SelfTradePrevention, TimeInForce } from "../protocol/command";
import { CancelReason, EventType, RejectReason } from "../protocol/event";
import type { NaiveEngine } from "./naive-engine";
import type { NaiveCommand } from "./naive-order";

const namesOf = (values: object): string[] => Object.values(values).filter((name) => typeof name === "string");

const PREVENTIONS = namesOf(SelfTradePrevention);
/** What the random flow has to reach, or agreement on it means nothing. */
const MARKS: readonly string[] = [
  ...namesOf(EventType).map((name) => `event ${name}`),
  ...namesOf(RejectReason)
    .filter((name) => name !== "None")
    .map((name) => `rejected ${name}`),
  ...namesOf(CancelReason).map((name) => `cancelled ${name}`),
  ...PREVENTIONS.flatMap((name) => [`fill-or-kill ${name} filled`, `fill-or-kill ${name} killed`]),
  ...PREVENTIONS.map((name) => `fill-or-kill ${name} filled, own order not reached`),
];

/** Counts what the flow has reached. Reads events by the documented byte offsets. */
export class Marks {
  private readonly counts = new Map<string, number>(MARKS.map((mark) => [mark, 0]));

  get missing(): string[] {
    return MARKS.filter((mark) => this.counts.get(mark) === 0);
  }

  /** What one command caused, once the naive engine has applied it. */
  note(command: NaiveCommand, events: readonly Uint8Array[], engine: NaiveEngine): void {
    for (const event of events) this.noteEvent(event);
    const isNew = command.type === CommandType.NewOrder && events[0]?.[0] === EventType.Accepted;
    if (isNew && ((command.traits >>> 16) & 0xff) === TimeInForce.FillOrKill)
      this.noteFillOrKill(command, events, engine);
  }

  private noteEvent(event: Uint8Array): void {
    const [type, reason] = [event[0]!, event[4]!];
    this.count(`event ${EventType[type]}`);
    if (type === EventType.Rejected) this.count(`rejected ${RejectReason[reason]}`);
    if (type === EventType.Cancelled) this.count(`cancelled ${CancelReason[reason]}`);
  }

  private noteFillOrKill(command: NaiveCommand, events: readonly Uint8Array[], engine: NaiveEngine): void {
    const name = `fill-or-kill ${SelfTradePrevention[command.traits >>> 24]}`;
    const second = events[1];
    if (!second) return;
    if (second[0] === EventType.Cancelled && second[4] === CancelReason.FillOrKill) this.count(`${name} killed`);
    if (second[0] !== EventType.Executed && second[4] !== CancelReason.SelfTradeOldest) return;
    this.count(`${name} filled`);
    const side = command.traits & 0xff;
    const own = engine.makers({ ...command, side }, command.price).some(({ account }) => account === command.account);
    if (own) this.count(`${name} filled, own order not reached`);
  }

  private count(mark: string): void {
    this.counts.set(mark, (this.counts.get(mark) ?? 0) + 1);
  }
}
