import type { Capacity } from "../matching/capacity";
import { Core } from "../matching/core";
import { SeededRandom } from "../oracle/seeded-random";
import { COMMAND_WORDS, OrderType, Side, TimeInForce } from "../protocol/command";
import { CommandEncoder } from "../protocol/encode-command";
import { EVENT_WORDS, EventType } from "../protocol/event";
import { EventView } from "../protocol/event-view";
import { RecordBuffer } from "../protocol/record-buffer";

/**
 * A mix of operations: half new limit orders that mostly rest, 40 % cancels of a random live order, a tenth
 * marketable. `spreadTicks` is how far from the middle resting orders are entered, so it decides how many orders
 * share a price; `restingOrders` are entered first.
 */
export interface Mix {
  readonly name: "base" | "dense" | "deep";
  readonly spreadTicks: number;
  readonly restingOrders: number;
}

export const MIXES: readonly Mix[] = [
  { name: "base", spreadTicks: 200, restingOrders: 1_500 },
  { name: "dense", spreadTicks: 8, restingOrders: 1_500 },
  { name: "deep", spreadTicks: 4_000, restingOrders: 20_000 },
];

export const mixNamed = (name: string): Mix => MIXES.find((mix) => mix.name === name)!;

export const BENCH_CAPACITY: Capacity = {
  symbols: 1,
  accounts: 64,
  openOrders: 32_768,
  levelPages: 256,
  rememberedOrderIds: 4_096,
};

const MIDDLE = 100_000;

/**
 * Commands that fill the book and then the operations of a mix. Which orders are live is learned from a core that runs
 * along.
 */
export function generateFlow(mix: Mix, operations: number, seed: number): { readonly commands: RecordBuffer } {
  const random = new SeededRandom(seed);
  const preparation = mix.restingOrders;
  const total = preparation + operations;
  const commands = RecordBuffer.allocate(total, COMMAND_WORDS);
  const encoder = new CommandEncoder(commands);
  const counts = new Int32Array(BENCH_CAPACITY.accounts);
  const live = new LiveOrders(BENCH_CAPACITY);
  for (let index = 0; index < total; index += 1) {
    const timeMicroseconds = 1e15 + index * 10;
    const kind = index < preparation ? 0 : kindOf(random.below(10), live.count, mix.restingOrders);
    const account = random.below(BENCH_CAPACITY.accounts);
    const side = random.chance(0.5) ? Side.Buy : Side.Sell;
    const away = side === Side.Buy ? -1 : 1;
    // As clients do: each account counts its own orders.
    const clientOrderId = { low: kind < 5 || kind === 9 ? ++counts[account]! : 0 };
    const common = { symbol: 0, account, clientOrderId, side, timeMicroseconds };
    if (kind < 5) {
      const price = MIDDLE + away * random.between(1, mix.spreadTicks);
      encoder.newOrder(index, { ...common, price, quantity: random.between(1, 100) });
    } else if (kind < 9) {
      const chosen = live.pick(random);
      encoder.cancel(index, { symbol: 0, timeMicroseconds, ...chosen });
    } else {
      const price = MIDDLE - away * mix.spreadTicks;
      const quantity = random.between(1, 100);
      encoder.newOrder(index, {
        ...common,
        price,
        quantity,
        type: OrderType.Limit,
        timeInForce: TimeInForce.ImmediateOrCancel,
      });
    }
    live.apply(commands, index);
  }
  return { commands };
}

/** Keeps the book near its size: without it, the number of resting orders is a random walk. */
function kindOf(drawn: number, live: number, wanted: number): number {
  if (drawn < 9 && live < wanted * 0.9) return 0;
  if (drawn < 9 && live > wanted * 1.1) return 8;
  return drawn;
}

const RING_EVENTS = 65_536;

/** Follows a core's events to know which orders are live. */
class LiveOrders {
  private readonly ring = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
  private readonly core: Core;
  private readonly view = new EventView(this.ring);
  private readonly ids: { key: number; id: number; account: number }[] = [];
  private readonly placeOf = new Map<number, number>();
  private read = 0;

  constructor(capacity: Capacity) {
    this.core = new Core(capacity, { records: this.ring, awaitSpace: (written) => written });
  }

  get count(): number {
    return this.ids.length;
  }

  pick(random: SeededRandom): { account: number; clientOrderId: { low: number } } {
    const { id, account } = this.ids[random.below(this.ids.length)]!;
    return { account, clientOrderId: { low: id } };
  }

  apply(commands: RecordBuffer, index: number): void {
    this.core.apply(commands, commands.offsetOf(index));
    for (; this.read !== this.core.events.written; this.read += 1) {
      const event = this.view.move(this.read % RING_EVENTS);
      if (event.type === EventType.Accepted) this.add(event.clientLow, event.account);
      else if (event.type === EventType.Cancelled) this.remove(event.clientLow, event.account);
      else if (event.type === EventType.Executed) {
        if (event.makerRemaining === 0) this.remove(event.makerClientLow, event.makerAccount);
        if (event.remaining === 0) this.remove(event.clientLow, event.account);
      } else throw new Error(`operation ${index} of the benchmark's flow was answered by event type ${event.type}`);
    }
  }

  private add(id: number, account: number): void {
    const key = keyOf(id, account);
    this.placeOf.set(key, this.ids.length);
    this.ids.push({ key, id, account });
  }

  private remove(id: number, account: number): void {
    const key = keyOf(id, account);
    const place = this.placeOf.get(key)!;
    const last = this.ids.pop()!;
    this.placeOf.delete(key);
    if (last.key === key) return;
    this.ids[place] = last;
    this.placeOf.set(last.key, place);
  }
}

const keyOf = (id: number, account: number): number => id * BENCH_CAPACITY.accounts + account;
