import { setTimeout as pause } from "node:timers/promises";
import { type Address, EngineConnection } from "./connection";
import type { Ledger } from "./ledger";
import type { Order, OrderAnswer } from "./messages";

/** Silence after which a client takes its connection for dead and looks for another one. */
const PATIENCE_MS = 1_000;
const RECONNECT_PAUSE_MS = 100;

export interface ClientOptions {
  readonly account: number;
  readonly side: "buy" | "sell";
  readonly ledger: Ledger;
  /** Where the public address leads just now, or undefined while nobody answers there. */
  readonly route: () => Address | undefined;
  /** Pause after an order that became durable. */
  readonly paceMs: number;
  /** Makes the next order. */
  readonly next: (clientOrderId: number) => Pick<Order, "quantityLots" | "priceTicks">;
}

/**
 * One client of the platform, as an API user would write it: it sends an order, waits until that is durable, and sends the
 * next. When no answer comes it reconnects and sends the same order under the same number again.
 */
export class Client {
  private connection: EngineConnection | undefined;
  private connectedTo: Address | undefined;
  private settle: ((answer: OrderAnswer) => void) | undefined;
  private stopped = false;
  private readonly rejections = new Map<string, number>();

  constructor(private readonly options: ClientOptions) {}

  async run(): Promise<void> {
    const { account, side, ledger, next, paceMs } = this.options;
    let clientOrderId = ledger.lastClientOrderId(account) + 1;
    while (!this.stopped) {
      const order: Order = { account, side, clientOrderId, ...next(clientOrderId) };
      if (await this.place(order)) clientOrderId += 1;
      await pause(paceMs);
    }
    this.connection?.close();
  }

  stop(): void {
    this.stopped = true;
    this.connection?.close();
  }

  /** Refusals by reason. */
  refusals(): ReadonlyMap<string, number> {
    return this.rejections;
  }

  /** Sends one order until it is durable. False when the client was stopped, or when the engine refused the order itself. */
  private async place(order: Order): Promise<boolean> {
    while (!this.stopped) {
      const answer = await this.attempt(order);
      if (answer?.answer === "durable" || answer?.answer === "duplicate") {
        this.options.ledger.durable(answer);
        return true;
      }
      if (answer?.answer === "rejected") this.count(answer.reason);
      await pause(RECONNECT_PAUSE_MS);
    }
    return false;
  }

  private async attempt(order: Order): Promise<OrderAnswer | undefined> {
    const connection = await this.connect();
    if (!connection) return undefined;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        connection.close();
        resolve(undefined);
      }, PATIENCE_MS);
      this.settle = (answer) => {
        if (answer.clientOrderId !== order.clientOrderId || answer.answer === "accepted") return;
        clearTimeout(timer);
        resolve(answer);
      };
      this.options.ledger.sent(order);
      connection.send(order);
    });
  }

  private async connect(): Promise<EngineConnection | undefined> {
    const address = this.options.route();
    const moved = address?.port !== this.connectedTo?.port || address?.host !== this.connectedTo?.host;
    if (this.connection && !this.connection.closed && !moved) return this.connection;
    this.connection?.close();
    this.connection = undefined;
    if (!address) return undefined;
    try {
      this.connection = await EngineConnection.open(address, (answer) => this.settle?.(answer));
      this.connectedTo = address;
    } catch {
      // Nobody is there yet; the next attempt asks for the route again.
    }
    return this.connection;
  }

  private count(reason: string): void {
    this.rejections.set(reason, (this.rejections.get(reason) ?? 0) + 1);
  }
}
