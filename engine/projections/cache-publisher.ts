import type { ClientRate } from "../access/client-rate";
import { openValkey, type Valkey } from "../adapters/valkey";
import type { EngineConfiguration } from "../configuration";
import type { EngineCore } from "../entry/engine-core";
import type { Instrument, Instruments } from "../model/instruments";
import type { Views } from "../model/views/views";
import { presentBook, presentTrade } from "../presentation/presentation";
import type { DependencyState } from "../telemetry/dependency";
import type { Log } from "../telemetry/log";
import type { MetricRegistry } from "../telemetry/registry";

export interface CacheParts {
  readonly configuration: EngineConfiguration;
  readonly instruments: Instruments;
  readonly views: Views;
  readonly core: EngineCore;
  readonly rate: ClientRate;
  readonly metrics: MetricRegistry;
  readonly log: Log;
}

const PUBLISH_EVERY_MS = 250;
const RETRY_MS = 1_000;
const DEPTH = 50;
const TRADES = 50;
/** Books of an engine that has gone for good disappear by themselves. */
const BOOK_LIFETIME_SECONDS = 3_600;
const RATE_LIFETIME_SECONDS = 120;

/** Writes unless a newer epoch or a newer sequence is there: a fenced engine that has not noticed yet harms nothing. */
const WRITE_NEWER = `
local epoch, sequence = unpack(redis.call('HMGET', KEYS[1], 'epoch', 'sequence'))
if epoch and (tonumber(epoch) > tonumber(ARGV[1]) or
   (tonumber(epoch) == tonumber(ARGV[1]) and tonumber(sequence) > tonumber(ARGV[2]))) then return 0 end
redis.call('HSET', KEYS[1], 'epoch', ARGV[1], 'sequence', ARGV[2], 'book', ARGV[3], 'trades', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[5])
return 1`;

/**
 * Keeps the newest books and trades in the cache for other readers, and shares the counts of client requests with the
 * other engines. After an absence the newest state is all that the cache needs.
 */
export class CachePublisher {
  private client: Valkey | undefined;
  private error: string | undefined;
  private answered = false;
  private down = false;
  private readonly published = new Map<number, number>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: CacheParts) {}

  get state(): DependencyState {
    if (this.error !== undefined) return { status: "down", lagSeconds: 0, error: this.error };
    return { status: this.answered ? "up" : "starting", lagSeconds: 0 };
  }

  start(): void {
    const turn = () => {
      this.working = this.publish().then((waitMs) => {
        if (!this.stopped) this.timer = setTimeout(turn, waitMs).unref();
      });
    };
    turn();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
    this.client?.disconnect();
  }

  /** Returns the time until the next turn. */
  private async publish(): Promise<number> {
    const { metrics, log } = this.parts;
    const startedMs = performance.now();
    try {
      if (!this.client) await this.connect();
      const { core } = this.parts;
      if (core.role === "active" && core.restoredIsDurable) await this.publishBooks();
      await this.shareCounts();
      metrics.counter("dependencyOperations", "cache", "ok").value += 1;
      metrics.histogram("dependencyLatency", "cache").record((performance.now() - startedMs) * 1e6);
      if (this.down) log.info({}, "cache is back");
      this.down = false;
      this.answered = true;
      this.error = undefined;
      return PUBLISH_EVERY_MS;
    } catch (error) {
      metrics.counter("dependencyOperations", "cache", "error").value += 1;
      const message = (error as Error).message || (error as Error).name;
      if (!this.down) log.warn({ error: message }, "cache does not respond");
      this.down = true;
      this.error = message;
      this.client?.disconnect();
      this.client = undefined;
      return RETRY_MS;
    }
  }

  private async connect(): Promise<void> {
    this.client = await openValkey(this.parts.configuration);
    this.published.clear();
  }

  private async publishBooks(): Promise<void> {
    const { instruments, views, core, configuration } = this.parts;
    for (const instrument of instruments.all) {
      const book = views.books[instrument.index];
      if (!book || this.published.get(instrument.index) === book.sequence) continue;
      const { sequence } = book;
      const trades = views.trades[instrument.index]?.latest(TRADES) ?? [];
      await this.client?.eval(
        WRITE_NEWER,
        1,
        bookKey(configuration, instrument),
        core.epoch,
        sequence,
        JSON.stringify(presentBook(book.levels(DEPTH), sequence, instrument)),
        JSON.stringify(trades.map((trade) => presentTrade(trade, instrument))),
        BOOK_LIFETIME_SECONDS,
      );
      this.published.set(instrument.index, sequence);
    }
  }

  private async shareCounts(): Promise<void> {
    const { rate, configuration } = this.parts;
    const { window, counts } = rate.takeUnshared();
    if (counts.size === 0) return;
    const key = `${prefixOf(configuration)}:rate:${window}`;
    const totals = new Map<string, number>();
    for (const [client, count] of counts) {
      totals.set(client, Number(await this.client?.hincrby(key, client, count)));
    }
    await this.client?.expire(key, RATE_LIFETIME_SECONDS);
    rate.merge(window, totals);
  }
}

/**
 * Newest event that the cache shows of an epoch, or of a later one; 0 for none. Books of epochs before may be those of
 * a history that was left.
 */
export async function cachedEvent(
  configuration: EngineConfiguration,
  instruments: Instruments,
  epoch: number,
): Promise<number> {
  const client = await openValkey(configuration);
  try {
    const books = instruments.all.map((each) => client.hmget(bookKey(configuration, each), "epoch", "sequence"));
    const found = await Promise.all(books);
    return Math.max(0, ...found.filter(([of]) => Number(of ?? -1) >= epoch).map(([, sequence]) => Number(sequence)));
  } finally {
    client.disconnect();
  }
}

const bookKey = (configuration: EngineConfiguration, { name }: Instrument): string =>
  `${prefixOf(configuration)}:book:${name}`;

/** Keys of one environment and partition; the braces keep them on one shard of a cluster. */
const prefixOf = ({ environment, partition }: EngineConfiguration): string => `hft:{${environment}-${partition}}`;
