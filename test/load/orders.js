// Load of a running platform as its users make it: k6 run -e URL=https://trade.staging.hft.example.com -e TOKEN=… test/load/orders.js
// Without TOKEN it asks a development engine for one. Fails when the service objectives are missed.
import { check, fail } from "k6";
import http from "k6/http";

const URL = __ENV.URL || "http://127.0.0.1:8080";
const SYMBOL = __ENV.SYMBOL || "BTCUSD";
// One client may call 1000 times in a minute, and a round is three calls.
const ROUNDS_PER_MINUTE = Number(__ENV.ROUNDS_PER_MINUTE || 333);

export const options = {
  scenarios: {
    orders: {
      executor: "constant-arrival-rate",
      rate: ROUNDS_PER_MINUTE,
      timeUnit: "1m",
      duration: __ENV.DURATION || "1m",
      preAllocatedVUs: 20,
    },
  },
  thresholds: {
    http_req_failed: ["rate<0.001"],
    http_req_duration: ["p(95)<1000"],
    checks: ["rate>0.999"],
  },
};

export function setup() {
  if (__ENV.TOKEN) return { token: __ENV.TOKEN };
  const answer = http.post(`${URL}/api/development/token`);
  if (answer.status >= 300) fail(`no token: ${answer.status} ${answer.body}; give one by -e TOKEN=…`);
  return { token: answer.json("token") };
}

/** Enters an order far from the market, sees it open, and takes it back. */
export default function round({ token }) {
  const headers = { authorization: `Bearer ${token}` };
  const jsonHeaders = { ...headers, "content-type": "application/json" };
  const book = http.get(`${URL}/api/books/${SYMBOL}?depth=1`, { headers });
  if (!check(book, { "the book is served": ({ status }) => status === 200 })) return;
  const bid = book.json("bids.0.0");
  const price = (Number(bid) * 0.97).toFixed(2);
  const order = { symbol: SYMBOL, side: "buy", type: "limit", price, quantity: "0.0010" };
  const entered = http.post(`${URL}/api/orders`, JSON.stringify(order), { headers: jsonHeaders });
  if (!check(entered, { "the order is open": ({ status }) => status === 201 })) return;
  const cancelled = http.del(`${URL}/api/orders/${entered.json("orderId")}`, null, { headers });
  check(cancelled, { "the order is cancelled": ({ status }) => status === 200 });
}
