import { RejectReason } from "../protocol";
import {
  enterAgain,
  KeptFileFixture,
  keptOrder,
  orderNamed,
  refusedThere,
  WHO,
  type Write,
} from "../testing/kept-file-fixture";
import { limitOrder, ServiceFixture } from "../testing/service-fixture";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const ENTER: Write = (encoder, index) => encoder.newOrder(index, keptOrder(1, 41));
const CANCEL: Write = (encoder, index) => encoder.cancel(index, orderNamed(1, 41));
const CANCEL_ALL: Write = (encoder, index) => encoder.cancelAll(index, { ...WHO, account: 1, symbol: 0 });
const change =
  (price: number): Write =>
  (encoder, index) =>
    encoder.modify(index, { ...orderNamed(1, 41), price, quantity: 10 });

describe("changes of orders that are entered again", () => {
  let engine: ServiceFixture;
  beforeEach(async () => {
    engine = await ServiceFixture.start();
  });
  afterEach(() => engine.stop());

  const openOrders = async () => {
    const { body } = await engine.call("GET", "/api/orders", { account: 1 });
    return (body.orders ?? body) as { clientOrderId: string; price: string; orderId: number }[];
  };
  const prices = async () => (await openOrders()).map(({ price }) => price);
  const enter = async ({ name, bytes }: KeptFileFixture) => (await enterAgain(engine, name, bytes)).results;
  const clientModifies = async (price: string) => {
    const [order] = await openOrders();
    await engine.call("PATCH", `/api/orders/${order!.orderId}`, { account: 1, body: { price } });
  };

  it("come in their order, and a repetition undoes nothing that the client has done since", async () => {
    const file = KeptFileFixture.elsewhere(ENTER, change(6_000_100), change(6_000_200));
    expect(await enter(file)).toEqual(["1 accepted", "2 accepted", "3 accepted"]);
    expect(await prices()).toEqual(["60002.00"]);
    expect(await enter(file)).toEqual(["1 already-there", "2 already-there", "3 already-there"]);
    await clientModifies("60005.00");
    expect(await enter(file)).toEqual(["1 already-there", "2 refused CHANGED_SINCE", "3 refused CHANGED_SINCE"]);
    expect(await prices()).toEqual(["60005.00"]);
  });

  it("are not repeated for a client who went back to the first terms, where the file says that it was entered", async () => {
    const { name, bytes } = KeptFileFixture.elsewhere(ENTER, change(6_000_100));
    await enterAgain(engine, name, bytes);
    await clientModifies("60000.00");
    const { results } = await enterAgain(engine, `${name}.entered`, bytes);
    expect(results).toEqual(["1 already-there", "2 refused CHANGED_SINCE"]);
    expect(await prices()).toEqual(["60000.00"]);
  });

  it("do not take terms for those of the history that was left when they were refused there", async () => {
    const refused = refusedThere(change(6_000_500), RejectReason.PriceCollar);
    const file = KeptFileFixture.elsewhere(ENTER, refused, change(6_000_100));
    expect(await enter(file)).toEqual(["1 accepted", "2 refused-before PRICE_COLLAR", "3 accepted"]);
    await clientModifies("60005.00");
    expect((await enter(file)).at(-1)).toBe("3 refused CHANGED_SINCE");
    expect(await prices()).toEqual(["60005.00"]);
  });

  it("go on where an interrupted entry has ended", async () => {
    await enter(KeptFileFixture.elsewhere(ENTER, change(6_000_100)));
    const whole = KeptFileFixture.elsewhere(ENTER, change(6_000_100), change(6_000_200));
    expect(await enter(whole)).toEqual(["1 already-there", "2 already-there", "3 accepted"]);
    expect(await prices()).toEqual(["60002.00"]);
  });

  it("cancel what was there when all was cancelled, once, and nothing that came later", async () => {
    const file = KeptFileFixture.elsewhere(ENTER, CANCEL_ALL, (encoder, index) =>
      encoder.newOrder(index, keptOrder(1, 43)),
    );
    expect(await enter(file)).toEqual(["1 accepted", "2 accepted", "3 accepted"]);
    await engine.call("POST", "/api/orders", { account: 1, body: limitOrder("buy", "59000.00", "0.1") });
    const before = await openOrders();
    expect(before).toHaveLength(2);
    expect(await enter(file)).toEqual(["1 already-there", "2 already-there", "3 already-there"]);
    expect(await openOrders()).toEqual(before);
  });

  it("leave an order alone that the client has entered anew under the same name", async () => {
    const body = limitOrder("buy", "60000.00", "0.0010", { selfTradePrevention: "none" });
    const asked = { account: 1, body, headers: { "idempotency-key": "the-same" } };
    const anew = BigInt((await engine.call("POST", "/api/orders", asked)).body.clientOrderId);
    const low = Number(BigInt.asIntN(32, anew));
    const clientOrderId = { low, high: Number(BigInt.asIntN(32, anew >> 32n)) };
    const file = KeptFileFixture.elsewhere(
      (encoder, index) => encoder.newOrder(index, { ...keptOrder(1, 0), clientOrderId }),
      (encoder, index) => encoder.modify(index, { ...keptOrder(1, 0, 6_000_100), clientOrderId }),
      (encoder, index) => encoder.cancel(index, { ...orderNamed(1, 0), clientOrderId }),
      (encoder, index) => CANCEL_ALL(encoder, index),
    );
    expect(await enter(file)).toEqual([
      "1 already-there",
      "2 refused CHANGED_SINCE",
      "3 refused CHANGED_SINCE",
      "4 already-there",
    ]);
    expect(await prices()).toEqual(["60000.00"]);
  });

  it("tell an order of other terms under the same name, and a cancel that is done", async () => {
    const file = KeptFileFixture.elsewhere(ENTER, CANCEL);
    expect(await enter(file)).toEqual(["1 accepted", "2 accepted"]);
    expect(await enter(file)).toEqual(["1 already-there", "2 already-there"]);
    const unlike = KeptFileFixture.elsewhere((encoder, index) => encoder.newOrder(index, keptOrder(1, 41, 6_000_500)));
    expect(await enter(unlike)).toEqual(["1 refused OTHER_ORDER_OF_THIS_NAME"]);
  });

  it("keep a client's key: the same order is found by it, another one under it is refused", async () => {
    const body = limitOrder("buy", "60000.00", "0.0010", { selfTradePrevention: "none" });
    const headers = { "idempotency-key": "kept" };
    const gone = await ServiceFixture.start();
    const told = (await gone.call("POST", "/api/orders", { account: 1, body, headers })).body;
    await gone.stop();
    const id = BigInt(told.clientOrderId);
    const clientOrderId = { low: Number(BigInt.asIntN(32, id)), high: Number(BigInt.asIntN(32, id >> 32n)) };
    await enter(
      KeptFileFixture.elsewhere((encoder, index) => encoder.newOrder(index, { ...keptOrder(1, 0), clientOrderId })),
    );
    expect((await engine.call("POST", "/api/orders", { account: 1, body, headers })).status).toBe(200);
    const other = { ...body, postOnly: true };
    expect(await engine.call("POST", "/api/orders", { account: 1, body: other, headers })).toMatchObject({
      status: 409,
      body: { code: "IDEMPOTENCY_CONFLICT" },
    });
  });
});
