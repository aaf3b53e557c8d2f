export const RATE_WINDOW_SECONDS = 60;
const WINDOW_MS = RATE_WINDOW_SECONDS * 1_000;
/** Clients remembered in one window. Beyond it the oldest is forgotten: memory stays bounded under a flood of addresses. */
const CLIENTS_MAX = 100_000;

export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetSeconds: number;
}

/**
 * Requests per client in fixed windows of a minute. Counting is local and instant; what other engines counted comes
 * in later through `merge`, so nobody waits for the cache.
 */
export class ClientRate {
  private own = new Map<string, number>();
  private others = new Map<string, number>();
  private unshared = new Map<string, number>();
  private window = -1;

  constructor(
    readonly limit: number,
    private readonly nowMs: () => number = Date.now,
  ) {}

  take(client: string): RateVerdict {
    const nowMs = this.nowMs();
    this.turn(Math.floor(nowMs / WINDOW_MS));
    const used = (this.own.get(client) ?? 0) + (this.others.get(client) ?? 0) + 1;
    const resetSeconds = Math.ceil((WINDOW_MS - (nowMs % WINDOW_MS)) / 1000);
    if (used > this.limit) return { allowed: false, remaining: 0, resetSeconds };
    this.count(client);
    return { allowed: true, remaining: this.limit - used, resetSeconds };
  }

  /** What was counted here since the last call, to be added to the shared count. */
  takeUnshared(): { readonly window: number; readonly counts: ReadonlyMap<string, number> } {
    const counts = this.unshared;
    this.unshared = new Map();
    return { window: this.window, counts };
  }

  /** The shared totals of a window: what is above the own count was counted elsewhere. */
  merge(window: number, totals: ReadonlyMap<string, number>): void {
    if (window !== this.window) return;
    for (const [client, total] of totals) {
      const elsewhere = total - ((this.own.get(client) ?? 0) - (this.unshared.get(client) ?? 0));
      if (elsewhere > 0) this.others.set(client, elsewhere);
    }
  }

  private count(client: string): void {
    if (!this.own.has(client) && this.own.size >= CLIENTS_MAX) this.own.delete(this.own.keys().next().value as string);
    this.own.set(client, (this.own.get(client) ?? 0) + 1);
    if (this.unshared.size < CLIENTS_MAX) this.unshared.set(client, (this.unshared.get(client) ?? 0) + 1);
  }

  private turn(window: number): void {
    if (window === this.window) return;
    this.window = window;
    this.own = new Map();
    this.others = new Map();
    this.unshared = new Map();
  }
}
