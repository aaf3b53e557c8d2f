import { setTimeout as pause } from "node:timers/promises";
import type { Address, EngineSession, OpenEngineSession } from "./engine-session";
import type { Ledger } from "./ledger";
import { DrillSymbol, type Order, type OrderAnswer } from "./messages";

const RECONNECT_PAUSE_MS = 100;

export interface ClientOptions {
  readonly account: number;
  readonly side: "buy" | "sell";
  readonly ledger: Ledger;
  /** Where the public address leads just now, or undefined while nobody answers there. */
  readonly route: () => Address | undefined;
  readonly openDoor: OpenEngineSession;
  /** Pause after an order that became durable. */
  readonly paceMs: number;
  /** Makes the next order. */
  readonly next: (clientOrderId: number) => Pick<Order, "quantityLots" | "priceTicks">;
}

/**
 * One client of the platform, as an API user would write it: it sends an order, waits until that is durable, and sends
 * the next. When no answer comes it reconnects and sends the same order under the same number again.
 */
export class Client {
  private session: EngineSession | undefined;
  private at: Address | undefined;
  private stopped = false;
  /** Sends nothing new while this is set. */
  paused = false;
  private readonly rejections = new Map<string, number>();

  constructor(private readonly options: ClientOptions) {}

  async run(): Promise<void> {
    const { account, side, ledger, next, paceMs } = this.options;
    let clientOrderId = ledger.lastClientOrderId(account) + 1;
    while (!this.stopped) {
      if (this.paused) {
        await pause(paceMs);
        continue;
      }
      const order: Order = { symbol: DrillSymbol.Load, account, side, clientOrderId, ...next(clientOrderId) };
      if (await this.place(order)) clientOrderId += 1;
      await pause(paceMs);
    }
    this.leave();
  }

  stop(): void {
    this.stopped = true;
    this.leave();
  }

  /** Refusals by reason. */
  refusals(): ReadonlyMap<string, number> {
    return this.rejections;
  }

  /**
   * Sends one order until it is durable. False when the client was stopped, or when the engine refused the order
   * itself.
   */
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

  /** Undefined when no answer came: the order may have taken effect or not. */
  private async attempt(order: Order): Promise<OrderAnswer | undefined> {
    try {
      const session = await this.enter();
      if (!session) return undefined;
      this.options.ledger.sent(order);
      return await session.place(order);
    } catch {
      this.leave();
      return undefined;
    }
  }

  /** Keeps its connection while the public address leads to the same place. */
  private async enter(): Promise<EngineSession | undefined> {
    const address = this.options.route();
    if (address?.port !== this.at?.port || address?.host !== this.at?.host) this.leave();
    if (!address) return undefined;
    this.at = address;
    this.session ??= await this.options.openDoor(address);
    return this.session;
  }

  private leave(): void {
    this.session?.close();
    this.session = undefined;
  }

  private count(reason: string): void {
    this.rejections.set(reason, (this.rejections.get(reason) ?? 0) + 1);
  }
}
