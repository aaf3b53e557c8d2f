import { FileStorage } from "../journal/file-storage";
import { repairJournal } from "../journal/journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { setAside } from "../journal/set-aside";
import { COMMAND_WORDS, CommandDouble, CommandEncoder, KillScope, RecordBuffer, Side } from "../protocol";
import { ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

/** Of the history that was left; another one than this engine's. */
const CAPACITY = { symbols: 1, accounts: 8, openOrders: 16, levelPages: 4, rememberedOrderIds: 8 };

describe("commands that are kept aside", () => {
  let engine: ServiceFixture;
  let file: string;

  beforeAll(async () => {
    engine = await ServiceFixture.start();
    const storage = new FileStorage(engine.configuration.journal.directory);
    const writer = new JournalWriter(storage, CAPACITY, LEAST_SEGMENT_BYTES, repairJournal(storage, CAPACITY));
    const records = RecordBuffer.allocate(4, COMMAND_WORDS);
    const encoder = new CommandEncoder(records);
    const order = {
      timeMicroseconds: 1_700_000_000_000_000,
      symbol: 0,
      side: Side.Buy,
      price: 6_000_000,
      quantity: 10,
    };
    encoder.newOrder(0, { ...order, account: 1, clientOrderId: { low: 41 } });
    encoder.newOrder(1, { ...order, account: 2, clientOrderId: { low: 42 } });
    encoder.killSwitch(2, { timeMicroseconds: order.timeMicroseconds, scope: KillScope.Everything, on: true });
    encoder.cancel(3, { timeMicroseconds: order.timeMicroseconds, symbol: 0, account: 1, clientOrderId: { low: 99 } });
    for (let index = 0; index < 4; index += 1) {
      records.doubles[index * (COMMAND_WORDS / 2) + CommandDouble.Sequence] = index + 1;
      writer.add(records.words, records.offsetOf(index));
    }
    writer.commit();
    writer.close();
    file = setAside(storage, CAPACITY, 0, true)!.name;
  });
  afterAll(() => engine.stop());

  const admin = (method: string, path: string) => engine.call(method, `/api/admin/${path}`, { scopes: ["admin"] });
  const openOrders = async (account: number) => {
    const { body } = await engine.call("GET", "/api/orders", { account });
    return body.orders ?? body;
  };
  const metric = async () => (await engine.call("GET", "/metrics")).body as string;

  it("are listed with their accounts and counted, for operators only", async () => {
    expect((await engine.call("GET", "/api/admin/set-aside")).status).toBe(403);
    expect((await admin("GET", "set-aside")).body).toEqual([
      expect.objectContaining({ name: file, firstSequence: 1, lastSequence: 4, acknowledged: true, entered: false }),
    ]);
    const { body } = await admin("GET", `set-aside/${file}?from=2`);
    expect(body).toEqual([
      expect.objectContaining({ sequence: 2, type: "NewOrder", account: 2, clientOrderId: "42" }),
      expect.objectContaining({ sequence: 3, type: "KillSwitch" }),
      expect.objectContaining({ sequence: 4, type: "Cancel", clientOrderId: "99" }),
    ]);
    expect(await metric()).toContain('hft_set_aside_commands{acknowledged="yes"} 4');
  });

  it("name a file that is not there as such", async () => {
    expect(await admin("GET", "set-aside/set-aside-none.log")).toMatchObject({
      status: 404,
      body: { code: "NOT_FOUND" },
    });
  });

  it("are entered again: what cannot be is named, and nothing is counted any more", async () => {
    const entered = await admin("POST", `set-aside/${file}/enter`);
    expect(entered).toMatchObject({ status: 200, body: { entered: 2, known: 0, administrative: 1 } });
    expect(entered.body.refused).toEqual([{ sequence: 4, reason: "UnknownOrder" }]);
    expect(await openOrders(1)).toEqual([expect.objectContaining({ clientOrderId: "41", price: "60000.00" })]);
    expect(await metric()).toContain('hft_set_aside_commands{acknowledged="yes"} 0');
  });

  it("do no harm when they are entered once more: what is there under its number stays once", async () => {
    const entered = await admin("POST", `set-aside/${file}.entered/enter`);
    expect(entered.body).toMatchObject({ entered: 0, known: 2 });
    expect(await openOrders(2)).toHaveLength(1);
  });
});
