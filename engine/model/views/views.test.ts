import { checkConfiguration } from "../../configuration";
import { Core } from "../../matching/core";
import { depthOf, openOrdersOf, positionsOf } from "../../matching/state-questions";
import { FLOW_CAPACITY, RandomFlow } from "../../oracle/random-flow";
import { EVENT_WORDS, EventBatch, RecordBuffer } from "../../protocol";
import { restoreViews } from "../../service/recovery/restore-views";
import { Instruments } from "../instruments";
import { OrderMemory } from "./order-memory";
import { isOpen } from "./order-view";
import { Views } from "./views";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const SEEDS = 12;
const OPERATIONS = 2_000;
const RESTARTS_EVERY = 170;
const RING = 65_536;

const instruments = new Instruments(checkConfiguration({}).symbols);

/** The core and the views side by side, fed with every order type, every refusal and every operator's command. */
async function compare(seed: number, restartsEvery = Number.POSITIVE_INFINITY): Promise<void> {
  const ring = RecordBuffer.allocate(RING, EVENT_WORDS);
  const core = new Core(FLOW_CAPACITY, { records: ring, awaitSpace: (written) => written });
  const flow = new RandomFlow(seed);
  let views = new Views(instruments, FLOW_CAPACITY.accounts);
  const memory = new OrderMemory(instruments.all.length, FLOW_CAPACITY.accounts);
  const batch = new EventBatch(ring);
  let seen = 0;
  for (let operation = 0; operation < OPERATIONS; operation++) {
    flow.next();
    core.apply(flow.records, 0);
    batch.set(seen, core.events.written - seen);
    for (let index = 0; index < batch.length; index++) {
      views.apply(batch.at(index));
      memory.apply(batch.at(index));
    }
    seen = core.events.written;
    if (operation % 100 === 99) expectEqual(core, views);
    if (operation % restartsEvery === restartsEvery - 1) views = await restored(core, memory);
  }
}

/** Views as a restart makes them: out of the recovered state and what the follower remembers. */
async function restored(core: Core, memory: OrderMemory): Promise<Views> {
  const views = new Views(instruments, FLOW_CAPACITY.accounts);
  await restoreViews(views, {
    reader: {
      recall: async () => ({
        eventSequence: core.events.sequence,
        orders: openOrdersOf(core.state),
        positions: positionsOf(core.state),
        memory: memory.encode(),
      }),
    },
  });
  return views;
}

function expectEqual(core: Core, views: Views): void {
  for (const { index: symbol } of instruments.all) {
    const { bids, asks } = depthOf(core.state, symbol, 1_000);
    const level = ({ price, quantity }: { price: number; quantity: number }) => ({ price, quantity });
    expect(views.books[symbol]?.levels(1_000)).toEqual({ bids: bids.map(level), asks: asks.map(level) });
  }
  const ours = [...views.orders.open()].map(({ orderId, remaining, price, quantity }) => ({
    orderId,
    open: remaining,
    price,
    quantity,
  }));
  const theirs = openOrdersOf(core.state).map(({ orderId, open, price, quantity }) => ({
    orderId,
    open,
    price,
    quantity,
  }));
  const byId = (a: { orderId: number }, b: { orderId: number }) => a.orderId - b.orderId;
  expect(ours.sort(byId)).toEqual(theirs.sort(byId));
  expect([...views.orders.open()].every(isOpen)).toBe(true);
  expect(views.orders.openCount).toBe(ours.length);
  for (const { account, symbol, lots, realised, cost } of positionsOf(core.state)) {
    const state = [...views.positionsOf(account)].find((position) => position.symbol === symbol);
    expect(state ?? { netLots: 0, realised: 0n, cost: 0 }).toMatchObject({ netLots: lots, realised, cost });
  }
}

describe("views", () => {
  it(`show what the core has, over ${SEEDS} random histories`, async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await compare(seed);
  });

  it("go on after restarts with what was really shown: an iceberg's part may be half executed", async () => {
    for (let seed = 1; seed <= SEEDS; seed++) await compare(seed, RESTARTS_EVERY);
  });
});
