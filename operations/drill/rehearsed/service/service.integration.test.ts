import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "@hft/engine";
import { suiteThatNeeds } from "@hft/testing";
import { DrillSymbol, type Order, orderKey } from "../../trading/messages";
import { PostgresqlServer, postgresqlInstalled } from "./postgresql-server";
import { ServiceHoldings } from "./service-holdings";
import { ServiceProcess } from "./service-process";
import { ServiceSession } from "./service-session";
import { TokenKey } from "./token-key";

jest.setTimeout(120_000);

const suite = suiteThatNeeds(
  postgresqlInstalled() ? undefined : "PostgreSQL is not installed; run engine/testing/install.sh",
);
const BTC = { name: "BTCUSD", tick: 0.01, lot: 0.0001 };

suite("the real service with a real database, as a rehearsal plays them", () => {
  const directory = mkdtempSync(join(tmpdir(), "drill-service-"));
  const names = new Map<string, string>();
  let database: PostgresqlServer;
  let service: ServiceProcess;
  let key: TokenKey;
  let rows: ServiceHoldings;
  let clientOrderId = 0;

  beforeAll(async () => {
    database = await PostgresqlServer.open(join(directory, "database"));
    key = new TokenKey(join(directory, "token-key"));
    const port = await freePort();
    const configuration = {
      http: { port, jwt: { secretFile: key.podFile } },
      database: { kind: "postgresql" as const, endpoint: database.endpoint, passwordFile: database.passwordFile },
      journal: { directory: join(directory, "journal") },
      snapshot: { directory: join(directory, "snapshots") },
    };
    service = new ServiceProcess(directory, configuration, port);
    rows = new ServiceHoldings({ database, service, region: "here", names });
    await database.start();
    await service.start();
  });

  afterAll(async () => {
    await service?.stop();
    await database?.kill();
    database?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  const session = () =>
    new ServiceSession({
      url: service.url,
      region: "here",
      epoch: 1,
      token: (account) => key.token(account, "read trade"),
      symbols: { [DrillSymbol.Load]: BTC, [DrillSymbol.Test]: BTC },
      named: (order, number) => names.set(number, orderKey(order)),
      holdings: () => rows.read(),
    });
  const order = (account: number, side: Order["side"]): Order => {
    clientOrderId += 1;
    return { symbol: DrillSymbol.Load, account, clientOrderId, side, quantityLots: 5, priceTicks: 6_500_000 };
  };
  const lag = () => service.metric('hft_projection_lag_seconds{dependency="database"}');

  it("keeps every acknowledged order in its tables, once, also when the same order is sent again", async () => {
    const maker = order(3, "sell");
    const taker = order(4, "buy");
    const answers = [await session().place(maker), await session().place(taker), await session().place(taker)];
    expect(answers.map(({ answer }) => answer)).toEqual(["durable", "durable", "duplicate"]);
    expect(await rows.read()).toMatchObject({
      orders: { [orderKey(maker)]: 1, [orderKey(taker)]: 1 },
      executions: [{ buyer: 4, seller: 3, quantityLots: 5 }],
      positions: { 3: -5, 4: 5 },
    });
  });

  it("trades on while the database's host is gone, and its rows come back with the host that takes over", async () => {
    await database.kill();
    const missed = order(5, "sell");
    expect(await session().place(missed)).toMatchObject({ answer: "durable" });
    while (!((await lag()) ?? 0)) await pause(50);
    await database.start();
    expect((await rows.read()).orders).toMatchObject({ [orderKey(missed)]: 1 });
  });

  it("refuses tokens of a key that was withdrawn, and takes those of the new one", async () => {
    key.put();
    key.copyToPod();
    expect(await session().place(order(6, "buy"))).toMatchObject({ answer: "rejected", reason: "401 UNAUTHORIZED" });
    key.copyToSignIn();
    expect(await session().place(order(6, "buy"))).toMatchObject({ answer: "durable" });
  });
});
