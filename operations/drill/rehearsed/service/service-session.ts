import type { EngineSession } from "../../trading/engine-session";
import type { DrillSymbol, EngineStatus, Holdings, Order, OrderAnswer } from "../../trading/messages";

/** Longer than an engine takes to make an order durable, shorter than a client's patience. */
const ANSWER_TIMEOUT_MS = 2_000;
const DONE: Readonly<Record<number, "durable" | "duplicate">> = { 201: "durable", 200: "duplicate" };

export interface ServiceSessionOptions {
  readonly url: string;
  readonly region: string;
  readonly epoch: number;
  /** Signs an account in. */
  readonly token: (account: number) => string;
  /** Symbols by the drill's own numbers, with what one tick and one lot are. */
  readonly symbols: Readonly<
    Record<DrillSymbol, { readonly name: string; readonly tick: number; readonly lot: number }>
  >;
  /** Told under which number the engine keeps an order. */
  readonly named: (order: Order, clientOrderId: string) => void;
  readonly holdings: () => Promise<Holdings>;
}

/**
 * The clients' way into the real service: HTTP, a token for each request, and the order's number as its idempotency
 * key.
 */
export class ServiceSession implements EngineSession {
  constructor(private readonly options: ServiceSessionOptions) {}

  async place(order: Order): Promise<OrderAnswer> {
    const { region, epoch, token, symbols } = this.options;
    const { account, clientOrderId, side } = order;
    const { name, tick, lot } = symbols[order.symbol];
    const answer = await fetch(`${this.options.url}/api/orders`, {
      method: "POST",
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
      headers: {
        authorization: `Bearer ${token(account)}`,
        "content-type": "application/json",
        "idempotency-key": `${account}-${clientOrderId}`,
      },
      body: JSON.stringify({
        symbol: name,
        side,
        price: decimal(order.priceTicks * tick),
        quantity: decimal(order.quantityLots * lot),
      }),
    });
    const body = (await answer.json()) as { readonly clientOrderId?: string; readonly code?: string };
    const done = DONE[answer.status];
    if (done && body.clientOrderId) this.options.named(order, body.clientOrderId);
    const origin = { region, epoch, account, clientOrderId };
    return done
      ? { ...origin, answer: done }
      : { ...origin, answer: "rejected", reason: reasonOf(answer.status, body.code) };
  }

  holdings(): Promise<Holdings> {
    return this.options.holdings();
  }

  status(): Promise<EngineStatus> {
    throw new Error("the service's state is read at /health, not through a client's session");
  }

  promote(): Promise<void> {
    throw new Error("clients do not promote");
  }

  continueAlone(): Promise<void> {
    throw new Error("clients do not decide about the standby");
  }

  close(): void {}
}

function reasonOf(status: number, code = ""): string {
  return `${status} ${code}`.trim();
}

/** Without the noise of binary fractions: no tick and no lot has more decimals. */
function decimal(value: number): string {
  return value.toFixed(8).replace(/0+$/, "").replace(/\.$/, "");
}
