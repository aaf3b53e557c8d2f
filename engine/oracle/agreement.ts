import { Core } from "../matching/core";
import { Side } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { EventView } from "../protocol/event-view";
import { RecordBuffer } from "../protocol/record-buffer";
import { POSITION_SHIFT, Position, realisedOf } from "../risk/positions";
import { Marks } from "./marks";
import { NaiveEngine } from "./naive-engine";
import { readCommand } from "./naive-order";
import { FLOW_CAPACITY, RandomFlow } from "./random-flow";

/** More than the executions of any one command of the flow. */
const RING_EVENTS = 65_536;

/** Says what the first difference is between the core and the naive engine, or undefined when there is none. */
export function firstDisagreement(seed: number, operations: number, marks = new Marks()): string | undefined {
  const ring = RecordBuffer.allocate(RING_EVENTS, EVENT_WORDS);
  const core = new Core(FLOW_CAPACITY, { records: ring, awaitSpace: (written) => written });
  const naive = new NaiveEngine(FLOW_CAPACITY);
  const flow = new RandomFlow(seed);
  let compared = 0;
  for (let operation = 0; operation < operations; operation += 1) {
    flow.next();
    const command = readCommand(flow.records.bytes, 0);
    const before = naive.events.list.length;
    naive.apply(command);
    marks.note(command, naive.events.list.slice(before), naive);
    core.apply(flow.records, 0);
    const expected = naive.events.list;
    for (; compared < Math.max(core.events.written, expected.length); compared += 1) {
      const place = compared % RING_EVENTS;
      const actual = ring.bytes.subarray(place * EVENT_WORDS * 4, (place + 1) * EVENT_WORDS * 4);
      const wanted = expected[compared];
      if (compared >= core.events.written || !wanted || Buffer.compare(actual, wanted) !== 0) {
        return describe(seed, operation, wanted, compared < core.events.written ? actual : undefined);
      }
    }
    if (operation % 512 === 511) {
      const differs = differingState(core, naive);
      if (differs) return `seed ${seed}, operation ${operation}: ${differs}`;
    }
  }
  return undefined;
}

function differingState(core: Core, naive: NaiveEngine): string | undefined {
  for (const [symbol, market] of core.state.markets.entries()) {
    if (market.bids.bestKey !== 0x7fff_ffff && market.asks.bestKey !== 0x7fff_ffff) {
      const bid = market.bids.bestKey ^ market.bids.flip;
      if (bid >= market.asks.bestKey) return `book of symbol ${symbol} is crossed`;
    }
    let netLots = 0;
    for (let account = 0; account < FLOW_CAPACITY.accounts; account += 1) {
      const { lots, cost, realised, closes, winners } = naive.risk.position(symbol, account);
      const buys = naive.openLots(symbol, account, Side.Buy);
      const sells = naive.openLots(symbol, account, Side.Sell);
      const wanted = [lots, buys, sells, cost, realised, closes, winners];
      const at = account << POSITION_SHIFT;
      const { values } = market.positions;
      const actual = Array.from<number | bigint>(values.subarray(at, at + wanted.length));
      actual[Position.Realised] = realisedOf(values, at);
      if (String(actual) !== String(wanted)) return `position ${symbol}/${account}: ${actual}, oracle ${wanted}`;
      netLots += actual[Position.Lots] as number;
    }
    if (netLots !== 0) return `positions of symbol ${symbol} add up to ${netLots}`;
  }
  if (core.state.orders.live !== naive.orders.length) return `${core.state.orders.live} live orders`;
  return undefined;
}

function describe(seed: number, operation: number, wanted?: Uint8Array, actual?: Uint8Array): string {
  const read = (bytes?: Uint8Array): string => {
    if (!bytes) return "nothing";
    return JSON.stringify(new EventView(new RecordBuffer(bytes.slice().buffer, EVENT_WORDS)).copy());
  };
  return `seed ${seed}, operation ${operation}\n  oracle: ${read(wanted)}\n  core:   ${read(actual)}`;
}
