import type { ServiceAnswer } from "./service-process";

/** An order as a client asked for it, and what it was told: nothing, while no answer has come. */
export interface AskedOrder {
  readonly account: number;
  readonly key: string;
  readonly requestId: string;
  readonly body: Readonly<Record<string, unknown>>;
  answer?: ServiceAnswer;
}

/** An action whose audit record must be there, once it was answered. */
export interface AnsweredAction {
  readonly requestId: string;
  readonly outcome: string;
  /** It became a command. */
  readonly command: boolean;
}

/** What clients know across all lives of the service. */
export class ClientLedger {
  /** Orders since the last look, and all of them. */
  fresh: AskedOrder[] = [];
  readonly orders: AskedOrder[] = [];
  readonly actions: AnsweredAction[] = [];
  /** Ended orders by id: that is how they must stay. */
  readonly ended = new Map<number, { readonly account: number; readonly status: string }>();
  /** Binary orders that were told to be durable: client's id and sequence of the command. */
  readonly durable = new Map<number, number>();
  private requests = 0;
  lastBinaryId = 0;

  constructor(private readonly name: string) {}

  nextRequest(): string {
    this.requests += 1;
    return `${this.name}-request-${this.requests}`;
  }

  asked(order: AskedOrder): void {
    this.fresh.push(order);
    this.orders.push(order);
  }

  /** Notes an answer; one that says that nobody knows is none. `command`: what is done at this status is a command. */
  answered(requestId: string, account: number, { status, body }: ServiceAnswer, commandStatus: 200 | 201): boolean {
    if (status >= 500) return false;
    this.actions.push({
      requestId,
      outcome: status < 400 ? "done" : (body.reason ?? body.code),
      command: status === commandStatus,
    });
    if (status < 400 && (body.status === "filled" || body.status === "cancelled")) {
      this.ended.set(body.orderId, { account, status: body.status });
    }
    return true;
  }

  get accepted(): AskedOrder[] {
    return this.orders.filter(({ answer }) => answer !== undefined && answer.status < 300);
  }
}

/** What does not fit what a client was told before. */
export class BrokenPromise extends Error {
  override readonly name = "BrokenPromise";

  constructor(what: string, about: unknown, found: unknown) {
    super(`${what}\n  told: ${JSON.stringify(about)}\n  found: ${JSON.stringify(found)}`);
  }
}
