import { PostgresqlClient } from "../adapters/postgresql";
import { checkConfiguration } from "../configuration";
import type { OpenOrder } from "../matching/state-questions";
import { readMigrations } from "../migrations/migrate";
import { Instruments } from "../model/instruments";
import { OrderType, Side, TimeInForce } from "../protocol";
import { MIGRATIONS } from "../service/stores/stores";
import { describeWithServers, newPostgresql } from "../testing/servers";
import { History } from "./history";
import { SqlProjection } from "./sql-projection";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const ACCOUNT = 4;
const PARTLY_FILLED: OpenOrder = {
  orderId: 17,
  symbol: 0,
  account: ACCOUNT,
  clientLow: 1,
  clientHigh: 0,
  side: Side.Buy,
  orderType: OrderType.Limit,
  timeInForce: TimeInForce.GoodTillCancelled,
  price: 6_500_000,
  stopPrice: 0,
  quantity: 1_000,
  open: 400,
  visible: 400,
  display: 0,
  postOnly: false,
  waiting: false,
};

describeWithServers("a row that was rebuilt from a snapshot", () => {
  it("says of what nobody knows that it is unknown: to readers of the table, and to the API's user", async () => {
    const postgresql = await newPostgresql();
    await postgresql.start();
    const { endpoint, passwordFile } = postgresql;
    const configuration = checkConfiguration({
      database: { kind: "postgresql", name: "postgres", endpoint, passwordFile },
    });
    const client = new PostgresqlClient(configuration.database, () => {});
    const instruments = new Instruments(configuration.symbols);
    const refused = { log: { error: () => {} }, counter: { value: 0 } };
    const projection = new SqlProjection(client, 0, instruments, 8, readMigrations(MIGRATIONS), refused);
    await projection.resume();
    // The memory of what clients were told is of another release, or empty: only the core's part is there.
    const memory = new Uint8Array();
    const recalled = {
      eventSequence: 40,
      orders: [PARTLY_FILLED, { ...PARTLY_FILLED, orderId: 18 }],
      positions: [],
      memory,
    };
    await projection.rebuild(recalled);
    const unknown = { filled_value: null, accepted_at: null, changed_at: null, changed_sequence: null };
    const columns = `filled_lots::int, ${Object.keys(unknown).join(", ")}`;
    expect(await client.query(`SELECT ${columns} FROM orders WHERE order_id = 17`)).toEqual([
      { filled_lots: 600, ...unknown },
    ]);

    await client.query("UPDATE orders SET status = 'cancelled' WHERE order_id = 17");
    // Lost a second time: the one that ended meanwhile is not in the snapshot any more.
    await projection.rebuild({ ...recalled, eventSequence: 60, orders: [] });
    const shown = await new History(client, 0, instruments).endedOrders(ACCOUNT, { count: 10 });
    const known = { symbol: "BTCUSD", quantity: "0.1000", filledQuantity: "0.0600" };
    expect(shown).toEqual([
      expect.objectContaining({ ...known, orderId: 18, status: "unknown" }),
      expect.objectContaining({ ...known, orderId: 17, status: "cancelled", remainingQuantity: "0.0000" }),
    ]);
    expect(shown[0]).not.toHaveProperty("remainingQuantity");
    for (const order of shown)
      for (const field of ["averagePrice", "acceptedAt", "changedAt", "sequence"])
        expect(order).not.toHaveProperty(field);
    await projection.close();
    await postgresql.remove();
  });
});
