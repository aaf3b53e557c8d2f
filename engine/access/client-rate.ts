export const RATE_WINDOW_SECONDS = 60;
const WINDOW_MS = RATE_WINDOW_SECONDS * 1_000;
/**
 * Clients remembered in one window. Beyond it the oldest is forgotten: memory stays bounded under a flood of addresses.
 */
const CLIENTS_MAX = 100_000;

export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/** One client's requests in the window. */
interface ClientCount {
  own: number;
  /** Counted by other engines, as far as they have told. */
  others: number;
  /** Part of the own ones that the others have not been told yet. */
  unshared: number;
}

/**
 * Requests per client in fixed windows of a minute. Counting is local and instant; what other engines counted comes
 * in later through `merge`, so nobody waits for the cache.
 */
export class ClientRate {
  private counts = new Map<string, ClientCount>();
  private window = -1;

  constructor(
    readonly limit: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  take(client: string): RateVerdict {
    const nowMs = this.nowMs();
    this.turn(Math.floor(nowMs / WINDOW_MS));
    const resetSeconds = Math.ceil((WINDOW_MS - (nowMs % WINDOW_MS)) / 1000);
    const count = this.counts.get(client) ?? this.begin(client);
    const remaining = this.limit - count.own - count.others - 1;
    if (remaining < 0) return { allowed: false, remaining: 0, resetSeconds };
    count.own += 1;
    count.unshared += 1;
    return { allowed: true, remaining, resetSeconds };
  }

  /** Takes back a request that was counted and should not have been. */
  giveBack(client: string): void {
    const count = this.counts.get(client);
    if (!count || count.own === 0) return;
    count.own -= 1;
    count.unshared -= 1;
  }

  /** What was counted here since the last call, to be added to the shared count. */
  takeUnshared(): { readonly window: number; readonly counts: ReadonlyMap<string, number> } {
    const counts = new Map<string, number>();
    for (const [client, count] of this.counts) {
      if (count.unshared !== 0) counts.set(client, count.unshared);
      count.unshared = 0;
    }
    return { window: this.window, counts };
  }

  /** The shared totals of a window: what is above the own count was counted elsewhere. */
  merge(window: number, totals: ReadonlyMap<string, number>): void {
    if (window !== this.window) return;
    for (const [client, total] of totals) {
      const count = this.counts.get(client);
      if (count) count.others = Math.max(count.others, total - (count.own - count.unshared));
    }
  }

  private begin(client: string): ClientCount {
    if (this.counts.size >= CLIENTS_MAX) this.counts.delete(this.counts.keys().next().value as string);
    const count = { own: 0, others: 0, unshared: 0 };
    this.counts.set(client, count);
    return count;
  }

  private turn(window: number): void {
    if (window === this.window) return;
    this.window = window;
    this.counts = new Map();
  }
}
