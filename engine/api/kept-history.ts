import { type Static, Type } from "typebox";
import type { KeptCommand } from "../journal/set-aside-file";
import { CommandDouble, CommandType, CommandWord } from "../protocol";
import { isoTime } from "./iso-time";
import { clientOrderIdText } from "./presentation";

export const KeptCommandSchema = Type.Object({
  sequence: Type.Integer({ description: "In the history that was left" }),
  type: Type.String(),
  account: Type.Integer(),
  clientOrderId: Type.String(),
  at: Type.String(),
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
}

/** What clients send. Limits, switches and epochs belong to the history that was left. */
const CLIENTS_COMMANDS: ReadonlySet<number> = new Set([
  CommandType.NewOrder,
  CommandType.Cancel,
  CommandType.Modify,
  CommandType.CancelAll,
]);

export function readCommand({ sequence, words }: KeptCommand): ClientCommand {
  const word = (at: CommandWord) => words[at] as number;
  const header = word(CommandWord.Header);
  return {
    sequence,
    type: header & 0xff,
    symbol: header >>> 16,
    account: word(CommandWord.Account),
    clientLow: word(CommandWord.ClientLow),
    clientHigh: word(CommandWord.ClientHigh),
    price: word(CommandWord.Price),
    quantity: word(CommandWord.Quantity),
    atMicroseconds: new Float64Array(words.buffer)[CommandDouble.TimeMicroseconds] as number,
    words,
  };
}

export const presentCommand = (command: ClientCommand): Static<typeof KeptCommandSchema> => ({
  sequence: command.sequence,
  type: CommandType[command.type] ?? String(command.type),
  account: command.account,
  clientOrderId: clientOrderIdText(command.clientLow, command.clientHigh),
  at: isoTime(command.atMicroseconds),
});

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
 */
export class KeptHistory {
  private readonly enteredAt = new Map<string, number>();
  private readonly modified = new Map<string, Terms[]>();
  commands = 0;

  constructor(commands: Iterable<KeptCommand>) {
    for (const kept of commands) this.add(readCommand(kept));
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
    const { type, sequence, price, quantity } = command;
    const key = orderKey(command);
    if (type === CommandType.NewOrder && !this.enteredAt.has(key)) this.enteredAt.set(key, sequence);
    if (type !== CommandType.Modify) return;
    const changes = this.modified.get(key);
    if (changes) changes.push({ sequence, price, quantity });
    else this.modified.set(key, [{ sequence, price, quantity }]);
  }
}
