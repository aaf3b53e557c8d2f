import { limitOrder, ServiceFixture } from "../testing/service-fixture";
import { WebSocketClient } from "../testing/web-socket-client";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

describe("the error rate", () => {
  let engine: ServiceFixture;
  beforeAll(async () => {
    engine = await ServiceFixture.start({ limits: { maxOpenOrders: 2 } });
  });
  afterAll(() => engine.stop());

  const errors = async (component: string): Promise<number> => {
    const { body } = await engine.call("GET", "/metrics", { token: "" });
    return Number(new RegExp(`hft_errors_total\\{component="${component}"\\} (\\d+)`).exec(body)?.[1]);
  };
  const enter = (price: string) =>
    engine.call("POST", "/api/orders", { account: 1, body: limitOrder("buy", price, "0.1") });

  it("counts an order that a full queue refuses, over HTTP and in binary", async () => {
    expect(await errors("queue-full")).toBe(0);
    engine.engine.full = true;
    expect((await enter("64000.00")).status).toBe(503);
    const trader = await WebSocketClient.connect(engine.url, await engine.token(1));
    await trader.message("authenticated");
    trader.command(3, (encoder, index) => encoder.cancelAll(index, { timeMicroseconds: 0, account: 1 }));
    await trader.message("refused");
    engine.engine.full = false;
    await trader.close();
    expect(await errors("queue-full")).toBe(4);
  });

  it("counts an order for which there is no room, and none that the market's rules refuse", async () => {
    await enter("64000.00");
    await enter("64000.00");
    expect((await enter("64000.00")).body).toMatchObject({ reason: "ORDER_CAPACITY" });
    expect(await errors("order-capacity")).toBe(1);
    expect((await enter("1.00")).body).toMatchObject({ reason: "PRICE_COLLAR" });
    const { body } = await engine.call("GET", "/metrics", { token: "" });
    const counted = [...body.matchAll(/hft_errors_total\{[^}]*\} (\d+)/g)].map(([, count]) => Number(count));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(4 + 1);
  });
});
