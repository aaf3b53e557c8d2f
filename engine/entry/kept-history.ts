import { type Static, Type } from "typebox";
import { OldOutcome } from "../journal/kept-outcomes";
import type { KeptCommand } from "../journal/set-aside-file";
import { isoTime } from "../presentation/iso-time";
import { clientOrderIdText } from "../presentation/presentation";
import { reasonCode, reasonCodeOf } from "../problems/reasons";
import { CancelReason, CommandDouble, CommandType, CommandWord } from "../protocol";
import { symbolIn, typeIn } from "../protocol/packed-words";

export const KeptCommandSchema = Type.Object({
  sequence: Type.Integer({ description: "In the abandoned history" }),
  type: Type.String(),
  account: Type.Integer(),
  clientOrderId: Type.String(),
  at: Type.String(),
  outcome: Type.Enum(["accepted", "refused", "ended", "unknown"], {
    description: "Its outcome there; ended: the engine accepted the order and ended it itself, without a trade",
  }),
  outcomeReason: Type.Optional(Type.String({ description: "Why it was refused or ended" })),
});

/** One command of a client, out of the history that was left. Prices are ticks, quantities lots. */
export interface ClientCommand {
  readonly sequence: number;
  readonly type: CommandType;
  readonly symbol: number;
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly price: number;
  readonly quantity: number;
  readonly atMicroseconds: number;
  readonly words: Int32Array;
  readonly outcome: OldOutcome;
  readonly outcomeDetail: number;
}

/** What clients send. Limits, switches and epochs belong to the history that was left. */
const CLIENTS_COMMANDS: ReadonlySet<number> = new Set([
  CommandType.NewOrder,
  CommandType.Cancel,
  CommandType.Modify,
  CommandType.CancelAll,
]);

export function clientCommandOf({ sequence, words, outcome, outcomeDetail }: KeptCommand): ClientCommand {
  const word = (at: CommandWord) => words[at] as number;
  const header = word(CommandWord.Header);
  return {
    sequence,
    type: typeIn(header),
    symbol: symbolIn(header),
    account: word(CommandWord.Account),
    clientLow: word(CommandWord.ClientLow),
    clientHigh: word(CommandWord.ClientHigh),
    price: word(CommandWord.Price),
    quantity: word(CommandWord.Quantity),
    atMicroseconds: new Float64Array(words.buffer)[CommandDouble.TimeMicroseconds] as number,
    words,
    outcome,
    outcomeDetail,
  };
}

export const presentCommand = (command: ClientCommand): Static<typeof KeptCommandSchema> => ({
  sequence: command.sequence,
  type: CommandType[command.type] ?? String(command.type),
  account: command.account,
  clientOrderId: clientOrderIdText(command.clientLow, command.clientHigh),
  at: isoTime(command.atMicroseconds),
  ...presentOutcome(command),
});

function presentOutcome(command: ClientCommand): Pick<Static<typeof KeptCommandSchema>, "outcome" | "outcomeReason"> {
  const { outcome } = command;
  if (outcome === OldOutcome.Accepted) return { outcome: "accepted" };
  const outcomeReason = whyUndone(command);
  if (outcomeReason === undefined) return { outcome: "unknown" };
  return { outcome: outcome === OldOutcome.Refused ? "refused" : "ended", outcomeReason };
}

/** Why nothing was left of the command, as its client was told; undefined where it was accepted, or nobody knows. */
export function whyUndone({ outcome, outcomeDetail }: ClientCommand): string | undefined {
  if (outcome === OldOutcome.Refused) return reasonCode(outcomeDetail);
  if (outcome !== OldOutcome.Ended) return undefined;
  return reasonCodeOf(outcomeDetail === 0 ? "SelfTradeDecremented" : (CancelReason[outcomeDetail] ?? "Unknown"));
}

export const isOfClient = ({ type }: ClientCommand): boolean => CLIENTS_COMMANDS.has(type);

/** An order by the name that its client gave it. */
export const orderKey = ({ account, clientLow, clientHigh }: OrderName): string =>
  `${account}:${clientLow}:${clientHigh}`;

export interface OrderName {
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
}

interface Terms {
  readonly sequence: number;
  readonly price: number;
  readonly quantity: number;
}

/**
 * What a whole file says of its orders: where each was entered, and to which terms it was changed one after the other.
 * What was refused has entered and changed nothing.
 */
export class KeptHistory {
  private readonly enteredAt = new Map<string, number>();
  private readonly modified = new Map<string, Terms[]>();
  commands = 0;
  /** Commands of clients that were refused or not: the file does not say. */
  unknownOutcomes = 0;

  constructor(commands: Iterable<KeptCommand>) {
    for (const kept of commands) this.add(clientCommandOf(kept));
  }

  /** Whether the file itself has entered the order before this command. */
  entersBefore(order: OrderName, sequence: number): boolean {
    return (this.enteredAt.get(orderKey(order)) ?? Number.POSITIVE_INFINITY) < sequence;
  }

  /** Whether the terms are those of the command or of a later one. */
  reachesFrom(command: ClientCommand, { price, quantity }: Omit<Terms, "sequence">): boolean {
    return this.changesOf(command).some(
      (terms) => terms.sequence >= command.sequence && terms.price === price && terms.quantity === quantity,
    );
  }

  /** Whether an earlier command of the file has changed the order to these terms. */
  hadBefore(command: ClientCommand, { price, quantity }: Omit<Terms, "sequence">): boolean {
    return this.changesOf(command).some(
      (terms) => terms.sequence < command.sequence && terms.price === price && terms.quantity === quantity,
    );
  }

  private changesOf(order: OrderName): readonly Terms[] {
    return this.modified.get(orderKey(order)) ?? [];
  }

  private add(command: ClientCommand): void {
    this.commands += 1;
    if (!isOfClient(command)) return;
    if (command.outcome === OldOutcome.Unknown) this.unknownOutcomes += 1;
    if (whyUndone(command) !== undefined) return;
    const { type, sequence, price, quantity } = command;
    const key = orderKey(command);
    if (type === CommandType.NewOrder && !this.enteredAt.has(key)) this.enteredAt.set(key, sequence);
    if (type !== CommandType.Modify) return;
    const changes = this.modified.get(key);
    if (changes) changes.push({ sequence, price, quantity });
    else this.modified.set(key, [{ sequence, price, quantity }]);
  }
}
