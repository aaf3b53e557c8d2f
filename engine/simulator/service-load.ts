import type { SeededRandom } from "../oracle/seeded-random";
import { EventType } from "../protocol";
import { WebSocketClient } from "../testing/web-socket-client";
import type { ClientLedger } from "./client-ledger";
import type { ServiceProcess } from "./service-process";

const HTTP_ACCOUNTS = [1, 2, 3];
export const BINARY_ACCOUNT = 9;
export const ACCOUNTS = [...HTTP_ACCOUNTS, BINARY_ACCOUNT];
const BINARY_EVERY_MS = 10;
const BINARY_ORDERS = 5;
const TERMS = [{}, {}, {}, { postOnly: true }, { timeInForce: "ioc" }, { selfTradePrevention: "decrement" }];

/** Clients over HTTP and the WebSocket, until the service is gone. */
export class ServiceLoad {
  private stopped = false;

  constructor(
    private readonly service: ServiceProcess,
    private readonly tokens: ReadonlyMap<number, string>,
    private readonly ledger: ClientLedger,
    private readonly random: SeededRandom,
  ) {}

  /** Resolves when all clients have noticed that they are to stop, or that the service is gone. */
  async run(): Promise<void> {
    await Promise.all([...HTTP_ACCOUNTS.map((account) => this.trade(account)), this.tradeInBinary()]);
  }

  stop(): void {
    this.stopped = true;
  }

  private async trade(account: number): Promise<void> {
    while (!this.stopped) {
      const orderId = await this.enter(account).catch(() => Number.NaN);
      if (Number.isNaN(orderId)) return;
      if (orderId === 0 || !this.random.chance(0.3)) continue;
      const gone = await this.change(account, orderId).catch(() => true);
      if (gone) return;
    }
  }

  /** Returns the order's id when it is open, 0 when it is not. */
  private async enter(account: number): Promise<number> {
    const { random, ledger } = this;
    const requestId = ledger.nextRequest();
    const body = {
      symbol: "BTCUSD",
      side: random.chance(0.5) ? "buy" : "sell",
      price: (65_000 + random.between(-5, 5)).toFixed(2),
      quantity: `0.0${random.between(1, 9)}`,
      ...TERMS[random.between(0, TERMS.length - 1)],
    };
    const order: Parameters<ClientLedger["asked"]>[0] = { account, key: `key-of-${requestId}`, requestId, body };
    ledger.asked(order);
    const answer = await this.service.ask({
      method: "POST",
      path: "/api/orders",
      token: this.tokens.get(account) as string,
      body,
      headers: { "idempotency-key": order.key, "x-request-id": requestId },
    });
    if (ledger.answered(requestId, account, answer, 201)) order.answer = answer;
    return answer.status === 201 && answer.body.remainingQuantity !== "0.0000" ? answer.body.orderId : 0;
  }

  private async change(account: number, orderId: number): Promise<boolean> {
    const requestId = this.ledger.nextRequest();
    const modify = this.random.chance(0.4);
    const answer = await this.service.ask({
      method: modify ? "PATCH" : "DELETE",
      path: `/api/orders/${orderId}`,
      token: this.tokens.get(account) as string,
      ...(modify ? { body: { price: (64_000 + this.random.between(0, 9)).toFixed(2) } } : {}),
      headers: { "x-request-id": requestId },
    });
    this.ledger.answered(requestId, account, answer, 200);
    return false;
  }

  private async tradeInBinary(): Promise<void> {
    const { ledger, random } = this;
    const client = await WebSocketClient.connect(this.service.url, this.tokens.get(BINARY_ACCOUNT)).catch(
      () => undefined,
    );
    if (!client) return;
    while (!this.stopped && !client.closed) {
      client.command(BINARY_ORDERS, (encoder, index) => {
        ledger.lastBinaryId += 1;
        encoder.newOrder(index, {
          timeMicroseconds: 0,
          symbol: 0,
          account: 0,
          clientOrderId: { low: ledger.lastBinaryId },
          side: random.chance(0.5) ? 0 : 1,
          price: 6_500_000 + random.between(-500, 500),
          quantity: random.between(1, 90),
        });
      });
      await new Promise((resolve) => setTimeout(resolve, BINARY_EVERY_MS));
    }
    this.note(client);
    await client.close();
  }

  /** Accepted orders up to the newest watermark that came: a frame in flight at the end counts for nothing. */
  private note(client: WebSocketClient): void {
    const durable = client.messages.filter(({ type }) => type === "durable").at(-1)?.commandSequence as
      | number
      | undefined;
    if (durable === undefined) return;
    for (const event of client.events) {
      if (event.type !== EventType.Accepted || event.account !== BINARY_ACCOUNT) continue;
      if (event.commandSequence <= durable) this.ledger.durable.set(event.clientLow, event.commandSequence);
    }
  }
}
