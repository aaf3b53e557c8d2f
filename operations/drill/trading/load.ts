import { Client } from "./client";

import type { Address, OpenEngineSession } from "./engine-session";
import type { Ledger } from "./ledger";

export interface LoadOptions {
  readonly ledger: Ledger;
  readonly route: () => Address | undefined;
  readonly openDoor: OpenEngineSession;
  readonly seed: number;
  /** Pairs of a buyer and a seller. @default 8 */
  readonly pairs?: number;
  /** Pause of each client between two orders. @default 20 */
  readonly paceMs?: number;
}

/** First account of the load; smaller ones are left to the verifying trades. */
const FIRST_ACCOUNT = 100;
const REFERENCE_TICKS = 6_500_000;
const SPREAD_TICKS = 200;

/** Buyers and sellers around one price, so that most orders trade and some rest. The seed decides every order. */
export class Load {
  private readonly clients: readonly Client[];
  private runs: Promise<unknown> = Promise.resolve();

  constructor({ ledger, route, openDoor, seed, pairs = 8, paceMs = 20 }: LoadOptions) {
    this.clients = Array.from({ length: pairs * 2 }, (_, index) => {
      const account = FIRST_ACCOUNT + index;
      return new Client({
        account,
        side: index % 2 === 0 ? "buy" : "sell",
        ledger,
        route,
        openDoor,
        paceMs,
        next: (clientOrderId) => orderOf(seed, account, clientOrderId),
      });
    });
  }

  start(): void {
    this.runs = Promise.all(this.clients.map((client) => client.run()));
  }

  /** Lets clients finish what they wait for and send nothing more, or go on. */
  pause(paused: boolean): void {
    for (const client of this.clients) client.paused = paused;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.stop();
    await this.runs;
  }

  refusals(): Record<string, number> {
    const sum: Record<string, number> = {};
    for (const client of this.clients) {
      for (const [reason, count] of client.refusals()) sum[reason] = (sum[reason] ?? 0) + count;
    }
    return sum;
  }
}

function orderOf(seed: number, account: number, clientOrderId: number) {
  const random = mix(seed ^ mix(account) ^ Math.imul(clientOrderId, 0x9e3779b1));
  return {
    quantityLots: 1 + (random % 10),
    priceTicks: REFERENCE_TICKS + ((random >>> 8) % (2 * SPREAD_TICKS + 1)) - SPREAD_TICKS,
  };
}

/** Scrambles 32 bits. Source: the finalizer of MurmurHash3. */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
