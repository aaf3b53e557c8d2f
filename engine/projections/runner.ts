import { RecoveryError, storeOfOthers } from "../journal/recovery-error";
import type { EventLog } from "../model/event-log";
import type { EventBatch } from "../protocol";
import type { DependencyName, DependencyState } from "../telemetry/dependency";
import type { LatencyHistogram } from "../telemetry/latency-histogram";
import type { Log } from "../telemetry/log";
import type { MetricCounter, MetricRegistry } from "../telemetry/registry";
import type { Recalled } from "../threads/engine";
import type { Projection } from "./projection";
import type { SetAsideStores } from "./set-aside-stores";

/** Where the runner reads what the log in memory no longer has. */
export interface EventSource {
  readonly durableSequence: number;
  recall(): Promise<Recalled>;
  readEvents(fromEventSequence: number, onBatch: (batch: EventBatch) => Promise<void>): Promise<number>;
}

export interface RunnerOptions {
  readonly name: DependencyName;
  readonly projection: Projection;
  readonly events: EventLog;
  readonly source: EventSource;
  readonly metrics: MetricRegistry;
  readonly log: Log;
  /** Newest event that this engine had when it began to lead; undefined while it follows a leader. */
  readonly leadsAfter: () => number | undefined;
  /**
   * Whether the leader writes to this store for all engines, directly or through a replica. A standby only looks how
   * far it is then: two writers would take turns in failing, and put each message into a topic twice.
   */
  readonly writtenByLeader: boolean;
  /** Remembers over restarts which stores hold events of a history that was left. */
  readonly setAside: SetAsideStores;
  /** Shown while it works: a server is up, something inside the process is embedded. */
  readonly workingAs: "up" | "embedded";
}

const EVENTS_PER_WRITE = 2_000;
const IDLE_MS = 20;
const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 2_000;
/** A standby needs the position only to know how much of its journal must stay. */
const WATCH_MS = 5_000;
const ROLE_LOOK_MS = 100;

/** Keeps one store following the journal: through its absence, its return, and restarts of the engine. */
export class ProjectionRunner {
  private position: number | undefined;
  private error: string | undefined;
  /** Newest event that this process has handed over: after a failure the store may have it or not. */
  private offered = 0;
  /** Newest event that the store may hold, while it holds more; otherwise infinite. */
  private sharedUpTo = Number.POSITIVE_INFINITY;
  private readonly ok: MetricCounter;
  private readonly failed: MetricCounter;
  private readonly latency: LatencyHistogram;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;
  private wake = () => {};

  constructor(private readonly options: RunnerOptions) {
    const { metrics, name } = options;
    this.ok = metrics.counter("dependencyOperations", name, "ok");
    this.failed = metrics.counter("dependencyOperations", name, "error");
    this.latency = metrics.histogram("dependencyLatency", name);
  }

  start(): void {
    this.running = this.run();
  }

  /**
   * Where a restart would go on; undefined until the store has answered once. Of one that is set aside, what both
   * histories have: it may be restored to that.
   */
  get anchor(): number | undefined {
    if (this.position === undefined || !this.mayWrite) return this.position;
    return Math.min(this.options.projection.anchor, this.sharedUpTo);
  }

  get state(): DependencyState {
    const lagSeconds = this.lagSeconds();
    if (this.error !== undefined) return { status: "down", lagSeconds, error: this.error };
    if (this.position === undefined) return { status: "starting", lagSeconds };
    return { status: this.options.workingAs, lagSeconds };
  }

  /** Age of the oldest event that the store has not got. */
  lagSeconds(): number {
    const { events } = this.options;
    const position = this.position ?? 0;
    if (this.isAhead()) return Number((performance.now() / 1000).toFixed(3));
    if (position >= events.newest) return 0;
    if (!events.holds(position)) return Number((performance.now() / 1000).toFixed(3));
    const oldest = events.read(position, 1, Number.MAX_SAFE_INTEGER).at(0);
    return Math.max(0, Date.now() / 1000 - oldest.timeMicroseconds / 1e6);
  }

  /** Goes on until everything durable is written or the time is over, then closes the store. */
  async stop(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.error === undefined && this.behind() && performance.now() < deadline) await sleep(IDLE_MS);
    this.stopped = true;
    this.wake();
    await Promise.race([this.running, sleep(timeoutMs)]);
    await this.options.projection.close().catch(() => {});
  }

  private behind(): boolean {
    const { events, source } = this.options;
    if (!this.mayWrite) return false;
    if (this.position === undefined) return true;
    return events.read(this.position, 1, source.durableSequence).length > 0 || !events.holds(this.position);
  }

  private async run(): Promise<void> {
    let retryMs = RETRY_FIRST_MS;
    while (!this.stopped) {
      try {
        if (this.mayWrite) await this.open();
        else await this.look();
        retryMs = RETRY_FIRST_MS;
        while (!this.stopped && this.mayWrite) await this.follow();
      } catch (error) {
        this.failed.value += 1;
        const message = error instanceof Error ? error.message || error.name : String(error);
        if (this.error === undefined) this.tell(error, message);
        this.error = message;
        await this.pause(retryMs);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  }

  private get mayWrite(): boolean {
    return !this.options.writtenByLeader || this.options.leadsAfter() !== undefined;
  }

  private async open(): Promise<void> {
    this.noteBoundary();
    this.position = await this.options.projection.resume();
    this.refuseIfOfOthers(this.position);
    this.answers();
  }

  /** Sees how far the leader has written, and waits for the next look or for the day on which this engine leads. */
  private async look(): Promise<void> {
    this.position = await this.options.projection.recorded();
    this.answers();
    const until = performance.now() + WATCH_MS;
    while (!this.stopped && !this.mayWrite && performance.now() < until) await this.pause(ROLE_LOOK_MS);
  }

  private answers(): void {
    if (this.error !== undefined) this.options.log.info({ at: this.position }, `${this.options.name} is back`);
    this.error = undefined;
  }

  private tell(error: unknown, message: string): void {
    const { log, name } = this.options;
    if (error instanceof RecoveryError) log.error({ error: message }, `${name} is set aside: nothing is written to it`);
    else log.warn({ error: message }, `${name} does not respond`);
  }

  /** The store has events that this engine has not given: it was restored to an older journal, or promoted behind. */
  private isAhead(): boolean {
    return (this.position ?? 0) > Math.max(this.offered, this.recordedAtMost);
  }

  /** Newest event that the store can have from somebody else. */
  private get recordedAtMost(): number {
    return this.options.leadsAfter() ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Until a store has answered, it may hold events of a leader that went on without this engine. Which ones would be
   * too many is noted before: after a restart this engine may have as many of its own, and numbers alone tell nothing.
   */
  private noteBoundary(): void {
    const { name, setAside, leadsAfter, writtenByLeader, log } = this.options;
    const ledAfter = leadsAfter();
    if (!writtenByLeader || ledAfter === undefined || setAside.sharedUpTo(name) !== undefined) return;
    try {
      setAside.note(name, Math.max(ledAfter, this.offered), false);
    } catch (error) {
      if (this.error === undefined)
        log.warn({ error: (error as Error).message }, `cannot record which events ${name} may have`);
    }
  }

  private refuseIfOfOthers(position: number): void {
    const { name, setAside } = this.options;
    const noted = setAside.sharedUpTo(name);
    if (noted === undefined) {
      this.refuseIfAhead();
      return;
    }
    if (position > noted) throw this.ofOthers(position, noted);
    this.sharedUpTo = Number.POSITIVE_INFINITY;
    setAside.forget(name);
  }

  private refuseIfAhead(): void {
    if (this.isAhead()) throw this.ofOthers(this.position ?? 0, this.recordedAtMost);
  }

  private ofOthers(position: number, sharedUpTo: number): RecoveryError {
    const { name, setAside } = this.options;
    this.sharedUpTo = sharedUpTo;
    setAside.note(name, sharedUpTo, true);
    return storeOfOthers(name, position, sharedUpTo);
  }

  private async follow(): Promise<void> {
    const { events, source } = this.options;
    this.refuseIfAhead();
    const position = this.position ?? 0;
    if (!events.holds(position)) {
      const write = (batch: EventBatch) => (this.stopped ? Promise.resolve() : this.write(batch));
      await source.readEvents(position + 1, write).catch((error: Error) => this.bridge(error));
      return;
    }
    const batch = events.read(position, EVENTS_PER_WRITE, source.durableSequence);
    if (batch.length === 0) await this.pause(IDLE_MS);
    else await this.write(batch);
  }

  /** The journal was pruned while this store was lost: what there is goes in, and what is missing is told. */
  private async bridge(error: Error): Promise<void> {
    const { projection, source, log, name, metrics } = this.options;
    if ((error as { code?: string }).code !== "JOURNAL_GAP" || !projection.rebuild) throw error;
    const lost = this.position ?? 0;
    const recalled = await source.recall();
    this.offered = Math.max(this.offered, recalled.eventSequence);
    this.position = await projection.rebuild(recalled);
    metrics.counter("errors", `${name}-gap`).value += 1;
    log.error(
      { after: lost, upTo: this.position },
      `${name} was rebuilt from a snapshot: orders and positions are complete, executions and profits in between are not`,
    );
  }

  private async write(batch: EventBatch): Promise<void> {
    if (batch.length === 0) return;
    const newest = batch.at(batch.length - 1).sequence;
    const startedMs = performance.now();
    this.offered = newest;
    await this.options.projection.write(batch);
    this.latency.record((performance.now() - startedMs) * 1e6);
    this.ok.value += 1;
    this.position = newest;
  }

  private pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, durationMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Does not keep the process alive. */
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs).unref());
