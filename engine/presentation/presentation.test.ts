import Ajv from "ajv";
import { checkConfiguration } from "../configuration";
import { Instruments } from "../model/instruments";
import type { OrderState } from "../model/views/order-records";
import { OrderType, Side, TimeInForce } from "../protocol";
import { orderJson } from "./presentation";
import { Order } from "./schemas";

const [bitcoin] = new Instruments(checkConfiguration({}).symbols).all;
const TIME = Date.parse("2026-01-02T03:04:05.678Z") * 1_000;
const state: OrderState = {
  orderId: 5,
  side: Side.Sell,
  type: OrderType.StopLimit,
  timeInForce: TimeInForce.GoodTillCancelled,
  status: "partially_filled",
  symbol: 0,
  account: 7,
  clientLow: -1,
  clientHigh: 1,
  price: 6_500_001,
  stopPrice: 6_400_000,
  display: 20,
  quantity: 100,
  filled: 30,
  filledValue: 30 * 6_500_001,
  remaining: 70,
  visible: 20,
  origin: 0,
  enteredPrice: 6_500_001,
  enteredQuantity: 100,
  acceptedAtMicroseconds: TIME,
  changedAtMicroseconds: TIME + 1_000,
  changedSequence: 9,
};
const fits = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile({
  ...Order,
  additionalProperties: false,
});

describe("orderJson", () => {
  it("says everything that the schema of an order knows", () => {
    const shown = JSON.parse(orderJson(state, bitcoin!));
    expect(shown).toEqual({
      orderId: 5,
      clientOrderId: "8589934591",
      symbol: "BTCUSD",
      side: "sell",
      type: "stop_limit",
      timeInForce: "gtc",
      price: "65000.01",
      stopPrice: "64000.00",
      displayQuantity: "0.0020",
      quantity: "0.0100",
      filledQuantity: "0.0030",
      remainingQuantity: "0.0070",
      averagePrice: "65000.01",
      status: "partially_filled",
      acceptedAt: "2026-01-02T03:04:05.678Z",
      changedAt: "2026-01-02T03:04:05.679Z",
      sequence: 9,
    });
    expect(Object.keys(shown).sort()).toEqual(Object.keys(Order.properties).sort());
    expect(fits(shown) || fits.errors).toBe(true);
  });

  it("leaves out what an order has not got, or what is not known of it", () => {
    const bare = { price: 0, stopPrice: 0, display: 0, filled: 0, filledValue: 0, remaining: 100, clientHigh: 0 };
    const unknown = { acceptedAtMicroseconds: -1, changedAtMicroseconds: -1, changedSequence: 0 };
    const shown = JSON.parse(orderJson({ ...state, ...bare, ...unknown, status: "open" }, bitcoin!));
    expect(Object.keys(shown).sort()).toEqual([...Order.required, "remainingQuantity"].sort());
    expect(shown).toMatchObject({ clientOrderId: "4294967295", filledQuantity: "0.0000", remainingQuantity: "0.0100" });
    expect(fits(shown) || fits.errors).toBe(true);
  });
});
