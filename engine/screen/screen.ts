import { BookLadder } from "./book-ladder";
import { element, row } from "./dom";
import { EngineClient, type Message, type Order, type Trade } from "./engine-client";
import { drawLatency } from "./latency-chart";
import { OrderForm } from "./order-form";

interface SymbolFacts {
  readonly symbol: string;
  readonly lotSize: string;
  readonly lastPrice?: string;
}
interface Position {
  readonly symbol: string;
  readonly netQuantity: string;
  readonly averagePrice?: string;
  readonly realisedProfit: string;
  readonly unrealisedProfit?: string;
}

const TRADES_SHOWN = 22;
const SLOW_REFRESH_MS = 2_000;
const ENDED = new Set(["filled", "cancelled"]);

const client = new EngineClient(receive, (live) => {
  const connection = element("connection");
  connection.dataset.state = live ? "live" : "lost";
  connection.textContent = live ? "live" : "connection lost, trying again";
});
const symbol = element<HTMLSelectElement>("symbol");
const form = new OrderForm(client, () => symbol.value);
const ladder = new BookLadder((price, side) => form.pick(price, side));
const open = new Map<number, Order>();
let facts: readonly SymbolFacts[] = [];
let listensTo = "";

function receive(message: Message): void {
  switch (message.type) {
    case "authenticated":
      void begin();
      return;
    case "book":
      if (message.symbol === symbol.value) ladder.apply(message);
      return;
    case "trades":
      if (message.symbol === symbol.value) showTrades(message.trades);
      return;
    case "orders":
      showOrders(message.snapshot, message.orders);
  }
}

async function begin(): Promise<void> {
  facts = await client.request<SymbolFacts[]>("GET", "/api/symbols");
  if (symbol.options.length === 0) for (const each of facts) symbol.add(new Option(each.symbol));
  client.send({ type: "subscribe", channel: "orders" });
  listensTo = "";
  listen();
}

function listen(): void {
  for (const channel of ["book", "trades"]) {
    if (listensTo) client.send({ type: "unsubscribe", channel, symbol: listensTo });
    client.send({ type: "subscribe", channel, symbol: symbol.value });
  }
  listensTo = symbol.value;
  element("trades").replaceChildren();
  const chosen = facts.find((each) => each.symbol === symbol.value);
  if (chosen) form.suggest(chosen.lastPrice ?? "", String(Number(chosen.lotSize) * 10));
}

function showTrades(trades: readonly Trade[]): void {
  const body = element("trades");
  for (const { price, quantity, takerSide, time } of trades) {
    body.prepend(row([new Date(time).toLocaleTimeString("en-GB"), price, quantity], [undefined, `${takerSide}-text`]));
  }
  while (body.children.length > TRADES_SHOWN) body.lastElementChild?.remove();
  const last = trades.at(-1);
  if (last) {
    element("last").textContent = last.price;
    element("last").className = `${last.takerSide}-text`;
  }
}

function showOrders(snapshot: boolean, orders: readonly Order[]): void {
  if (snapshot) open.clear();
  for (const order of orders) {
    if (ENDED.has(order.status)) open.delete(order.orderId);
    else open.set(order.orderId, order);
  }
  drawOrders();
  void showPositions();
}

/** The focus stays on its button while other orders come and go. */
function drawOrders(): void {
  const focused = document.activeElement?.closest("#orders tr")?.id;
  element("orders").replaceChildren(...[...open.values()].map(orderRow).reverse());
  if (focused) document.getElementById(focused)?.querySelector("button")?.focus();
}

function orderRow(order: Order): HTMLTableRowElement {
  const { orderId, side, price, stopPrice, remainingQuantity, status } = order;
  const line = row(
    [
      String(orderId),
      order.symbol,
      side,
      price ?? stopPrice ?? "market",
      remainingQuantity,
      status.replace("_", " "),
      "",
    ],
    [undefined, undefined, `${side}-text`],
  );
  line.id = `order-${orderId}`;
  const cancel = document.createElement("button");
  cancel.textContent = "Cancel";
  cancel.ariaLabel = `Cancel order ${orderId}`;
  cancel.addEventListener("click", () => void cancelOrder(orderId, cancel));
  line.lastElementChild?.append(cancel);
  return line;
}

/** Says what came of it. The row goes, and its button with it: whoever works by keyboard goes on at the next one. */
async function cancelOrder(orderId: number, button: HTMLButtonElement): Promise<void> {
  const say = (text: string, className: string) => {
    element("cancelled").textContent = text;
    element("cancelled").className = className;
  };
  button.disabled = true;
  try {
    const { status } = await client.request<Order>("DELETE", `/api/orders/${orderId}`);
    say(`Order ${orderId} ${status.replace("_", " ")}`, "buy-text");
    open.delete(orderId);
    drawOrders();
    (document.querySelector<HTMLElement>("#orders button") ?? element("orders-title")).focus();
  } catch (error) {
    button.disabled = false;
    say(`Order ${orderId}: ${(error as Error).message}`, "sell-text");
  }
}

async function showPositions(): Promise<void> {
  const positions = await client.request<Position[]>("GET", "/api/positions");
  const tone = (profit = "0") => (Number(profit) < 0 ? "sell-text" : "buy-text");
  element("positions").replaceChildren(
    ...positions.map((each) =>
      row(
        [each.symbol, each.netQuantity, each.averagePrice ?? "", each.realisedProfit, each.unrealisedProfit ?? ""],
        [undefined, undefined, undefined, tone(each.realisedProfit), tone(each.unrealisedProfit)],
      ),
    ),
  );
}

symbol.addEventListener("change", listen);
setInterval(() => {
  drawLatency().catch(() => {});
  if (element("connection").dataset.state === "live") showPositions().catch(() => {});
}, SLOW_REFRESH_MS);
void client.start();
