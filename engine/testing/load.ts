import { limitOrder, type ServiceFixture } from "./service-fixture";

/** What a client was told about its order. */
export interface Acknowledged {
  readonly orderId: number;
  readonly account: number;
}

/**
 * Clients that send orders as fast as they are answered, until they are stopped. Prices overlap, so about half of
 * the orders trade. Every order that was acknowledged is remembered.
 */
export class OrderLoad {
  readonly acknowledged: Acknowledged[] = [];
  refused = 0;
  private stopped = false;
  private readonly clients: Promise<void>[];

  constructor(
    private readonly engine: ServiceFixture,
    clients = 8,
  ) {
    this.clients = Array.from({ length: clients }, (_, index) => this.client(index + 1));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.clients);
  }

  private async client(account: number): Promise<void> {
    const token = await this.engine.token(account);
    for (let turn = 0; !this.stopped; turn++) {
      const side = (turn + account) % 2 === 0 ? "buy" : "sell";
      const price = (65_000 + ((turn * 7 + account * 3) % 11) - 5).toFixed(2);
      const answer = await this.engine
        .call("POST", "/api/orders", { token, body: limitOrder(side, price, "0.01") })
        .catch(() => ({ status: 0, body: undefined }));
      if (answer.status === 201) this.acknowledged.push({ orderId: answer.body.orderId, account });
      else this.refused += 1;
      if (turn % 10 === 9) await this.engine.call("DELETE", "/api/orders", { token }).catch(() => {});
    }
  }
}
