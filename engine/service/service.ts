import { join } from "node:path";
import { Access } from "../access/access";
import { ClientRate } from "../access/client-rate";
import { developmentTokens, withTokenSecret } from "../access/token-secret";
import { TokenVerifier } from "../access/tokens";
import { Audit } from "../audit/audit";
import { AuditFile } from "../audit/audit-file";
import type { EngineConfiguration, EngineMetric } from "../configuration";
import { DirectoryOwnership } from "../data-directory/ownership";
import { EngineCore, type EngineOpener, engineSettings } from "../entry/engine-core";
import { MockParticipants } from "../entry/mock-participants";
import { OrderEntry } from "../entry/order-entry";
import { Tickets } from "../entry/tickets";
import type { ApiContext } from "../http/context";
import { createHttpServer } from "../http/http-server";
import { Listeners } from "../http/listeners";
import { EventLog } from "../model/event-log";
import { Instruments } from "../model/instruments";
import { Views } from "../model/views/views";
import { version } from "../package.json";
import type { EventSource } from "../projections/runner";
import type { EventBatch } from "../protocol";
import { ClockMonitor } from "../telemetry/clock-monitor";
import type { Log } from "../telemetry/log";
import { MetricRegistry } from "../telemetry/registry";
import type { RecoveredState, Role } from "../threads/engine";
import { BinaryEntry } from "../web-socket/binary-entry";
import { Hub } from "../web-socket/hub";
import { Sessions } from "../web-socket/sessions";
import { Streams } from "../web-socket/streams";
import { EventCounters } from "./event-counters";
import { EventFanOut } from "./event-fan-out";
import { installGauges } from "./gauges";
import { keepTick } from "./kept-tick";
import { keepSymbols } from "./recovery/journal-symbols";
import { checkRecovered } from "./recovery/recovered-check";
import { restoreViews } from "./recovery/restore-views";
import { StoreSet } from "./stores/store-set";
import { directoriesOf } from "./stores/stores";

export interface ServiceOptions {
  readonly configuration: EngineConfiguration;
  /** The pod's place in its StatefulSet. */
  readonly ordinal: number;
  readonly log: Log;
  readonly openEngine: EngineOpener;
  /** The engine was fenced or has failed: it will do nothing any more until its process is started again. */
  readonly onUnusable?: (role: Role) => void;
}

const FIRST_EVENT = 1;
const HOUSEKEEPING_MS = 1_000;
const BACKUPS_EVERY_MS = 60_000;
const FORGOTTEN_TOLD_EVERY_MS = 60_000;
const DRAIN_POLL_MS = 10;
/** Time for WebSocket clients to say goodbye. */
const FAREWELL_MS = 1_000;

/** The engine as a service: its parts are put together here, and taken apart again. */
export class Service {
  private readonly instruments: Instruments;
  private readonly metrics = new MetricRegistry();
  private readonly core = new EngineCore();
  private readonly events = new EventLog();
  private readonly views: Views;
  private readonly auditFile: AuditFile;
  private readonly audit: Audit;
  private readonly tickets: Tickets;
  private readonly stores: StoreSet;
  private readonly clock: ClockMonitor;
  private readonly rate: ClientRate;
  private readonly access: Access;
  private readonly hub: Hub;
  private readonly streams: Streams;
  private readonly fanOut: EventFanOut;
  private readonly participants: MockParticipants | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private listeners: Listeners | undefined;
  private readonly forgotten = this.metrics.counter("forgottenOrders");
  private forgottenTold = 0;
  private forgottenToldMs = Number.NEGATIVE_INFINITY;
  private recovering = true;
  private ownership: DirectoryOwnership | undefined;
  private backups: readonly (readonly [string, number])[] = [];
  /** From the first request to stop on. */
  private stopped: Promise<void> | undefined;

  static async start(options: ServiceOptions): Promise<Service> {
    keepTick();
    const service = new Service(options);
    await service.open();
    return service;
  }

  private constructor(private readonly options: ServiceOptions) {
    const { configuration, log } = options;
    const { metrics, core } = this;
    this.instruments = new Instruments(configuration.symbols);
    this.views = new Views(this.instruments, configuration.limits.maxAccounts);
    const lost = metrics.counter("errors", "audit");
    this.auditFile = new AuditFile(join(configuration.snapshot.directory, "audit"));
    this.audit = new Audit(log, () => (lost.value += 1), this.auditFile, configuration.logging.auditFile);
    this.rate = new ClientRate(configuration.http.requestsPerMinute);
    const verifier = TokenVerifier.create(withTokenSecret(configuration.http.jwt), configuration.limits.maxAccounts);
    this.access = new Access(verifier, this.rate);
    const accepted = metrics.histogram("orderLatency", "accepted");
    const durable = metrics.histogram("orderLatency", "durable");
    this.tickets = new Tickets(core, metrics.counter("commands"), (stage, milliseconds) =>
      (stage === "accepted" ? accepted : durable).record(milliseconds * 1e6),
    );
    this.stores = new StoreSet({
      configuration,
      instruments: this.instruments,
      core,
      views: this.views,
      events: this.events,
      rate: this.rate,
      auditFile: this.auditFile,
      metrics,
      log,
    });
    this.clock = new ClockMonitor(configuration.clock, log);
    ({ hub: this.hub, streams: this.streams } = this.webSocket());
    this.fanOut = new EventFanOut({
      views: this.views,
      events: this.events,
      counters: new EventCounters(metrics, this.instruments),
      tickets: this.tickets,
      streams: this.streams,
      kafkaPosition: this.stores.kafkaPosition,
      onRole: (role, epoch) => this.roleChanged(role, epoch),
      onNotice: (level, message) => log[level]({ component: "core" }, message),
    });
    this.participants =
      configuration.marketData === "mock"
        ? new MockParticipants(this.instruments, core, this.views, configuration.limits.maxAccounts)
        : undefined;
  }

  /** Where the API listens in plain text. */
  get url(): string {
    return this.listeners!.url;
  }

  /** Where it listens over TLS. */
  get secureUrl(): string | undefined {
    return this.listeners!.secureUrl;
  }

  /** Open WebSocket connections. */
  get connections(): number {
    return this.hub.size;
  }

  get isDraining(): boolean {
    return this.stopped !== undefined;
  }

  /** Metrics of the list that nothing here fills. */
  unfilledMetrics(): readonly EngineMetric[] {
    return this.metrics.unfilled();
  }

  /** Past events, derived again from snapshots and journal. */
  readEvents(from: number, onBatch: (batch: EventBatch) => void | Promise<void>): Promise<number> {
    return this.core.reader.readEvents(from, onBatch);
  }

  /**
   * Takes nothing new, answers what was taken, tells connections to go elsewhere, lets the stores catch up, then ends
   * the core, which writes a snapshot and hands over. Whoever asks again waits for the same end.
   */
  stop(): Promise<void> {
    this.stopped ??= this.drain();
    return this.stopped;
  }

  private async drain(): Promise<void> {
    const { drainTimeoutMs } = this.options.configuration.http;
    const deadline = performance.now() + drainTimeoutMs;
    this.participants?.stop();
    await this.stores.stopReading();
    while (this.tickets.waiting > 0 && performance.now() < deadline) await sleep(DRAIN_POLL_MS);
    this.hub.close();
    const farewell = performance.now() + FAREWELL_MS;
    while (this.hub.size > 0 && performance.now() < farewell) await sleep(DRAIN_POLL_MS);
    for (const timer of this.timers) clearInterval(timer);
    this.clock.stop();
    await Promise.race([this.listeners?.close(), sleep(Math.max(0, deadline - performance.now()))]);
    this.listeners?.cutConnections();
    await this.stores.stop(Math.max(1_000, deadline - performance.now()));
    this.tickets.close();
    this.streams.close();
    await this.core.close();
    await this.audit.close();
    this.ownership?.release();
  }

  /**
   * The port first, then the directories, then what lies in them: whoever starts a second engine by mistake is told
   * before anything was read or written.
   */
  private async open(): Promise<void> {
    const context = this.context();
    const { configuration, log } = this.options;
    this.listeners = await Listeners.open(await createHttpServer(context), configuration, log);
    try {
      await this.recover(context);
    } catch (error) {
      await this.giveUp();
      throw error;
    }
    this.recovering = false;
    log.info({ url: this.url, role: this.core.role, epoch: this.core.epoch }, "trading");
  }

  private async recover(context: ApiContext): Promise<void> {
    const { configuration, ordinal, openEngine } = this.options;
    this.ownership = DirectoryOwnership.take(directoriesOf(configuration), "engine");
    keepSymbols(configuration);
    const settings = engineSettings(configuration, this.instruments, ordinal);
    const onRecovered = (state: RecoveredState) => checkRecovered(state, this.stores.witnesses(), this.options.log);
    await this.core.open({ ...settings, ownership: this.ownership, onRecovered }, this.fanOut, openEngine);
    // Until every store has said how far it is: one that does not answer may need them all.
    this.core.reader.retainFrom(FIRST_EVENT);
    this.events.begin(this.core.status.eventSequence);
    await restoreViews(this.views, this.core);
    this.core.restored();
    this.fanOut.begin();
    const { core } = this;
    const source: EventSource = {
      get durableSequence() {
        return core.durableSequence;
      },
      recall: () => core.reader.recall(),
      readEvents: (from, onBatch) => core.reader.readEvents(from, onBatch),
    };
    this.auditFile.open();
    await this.stores.restore(source);
    installGauges({
      context,
      fanOut: this.fanOut,
      clock: this.clock,
      runners: this.stores.runners,
      backups: () => this.backups,
      certificateExpirySeconds: () => this.listeners!.certificateExpirySeconds,
      version,
    });
    for (const server of this.listeners!.servers) this.hub.listenOn(server);
    // After the first answer can be given: the embedded database needs a core for seconds.
    this.stores.start(source, () => {
      const { role, leadsAfterEvent } = core.freshStatus();
      return role === "active" ? leadsAfterEvent : undefined;
    });
    this.clock.start();
    this.participants?.start();
    this.repeat(HOUSEKEEPING_MS, () => this.runHousekeeping());
    this.repeat(BACKUPS_EVERY_MS, () => void this.readBackups());
  }

  /** A start that has failed leaves the port and the directories to the next one. */
  private async giveUp(): Promise<void> {
    this.listeners?.cutConnections();
    await this.listeners?.close();
    await this.core.close();
    this.ownership?.release();
  }

  private roleChanged(role: Role, epoch: number): void {
    const { log, onUnusable } = this.options;
    log.info({ role, epoch }, `this engine is ${role}`);
    if (role === "fenced" || role === "failed") onUnusable?.(role);
  }

  private context(): ApiContext {
    const { configuration, log } = this.options;
    const developmentToken = developmentTokens(withTokenSecret(configuration.http.jwt));
    return {
      configuration,
      instruments: this.instruments,
      core: this.core,
      views: this.views,
      tickets: this.tickets,
      orders: new OrderEntry(this.instruments, this.views, this.tickets, this.core),
      history: this.stores.history,
      access: this.access,
      audit: this.audit,
      metrics: this.metrics,
      log,
      durableLagSeconds: () => this.fanOut.durableLagSeconds,
      dependencies: () => this.stores.dependencies(),
      recovering: () => this.recovering,
      draining: () => this.isDraining,
      ...(developmentToken ? { developmentToken } : {}),
    };
  }

  private webSocket(): { hub: Hub; streams: Streams } {
    const { configuration } = this.options;
    const { http } = configuration;
    const draining = () => this.isDraining;
    const connections = new Map();
    const streams = new Streams(this.instruments, this.views, connections);
    const entry = new BinaryEntry(this.core, this.metrics.counter("commands"), http.webSocket.maxFrameBytes);
    const { access, audit, core, instruments, metrics } = this;
    const sessions = new Sessions({ access, audit, core, instruments, metrics, draining }, entry, streams);
    const role = () => this.core.role;
    const hub = new Hub({ http, access, metrics, draining, role, connections }, sessions);
    sessions.hub = hub;
    return { hub, streams };
  }

  private runHousekeeping(): void {
    // With a database they go when it has them.
    if (this.options.configuration.database.kind === "none") this.auditFile.release(undefined);
    this.tellForgotten();
    const retained = this.stores.retainFrom(this.events.newest);
    if (retained !== undefined) this.core.reader.retainFrom(retained);
    this.stores.notePosition();
    const match = this.metrics.histogram("orderLatency", "match");
    this.core.reader.drainMatchLatency((durationNs, times) => match.add(durationNs, times));
  }

  /** What a client was promised a day of, and did not get: in the metrics at once, in the log once a minute. */
  private tellForgotten(): void {
    const counter = this.forgotten;
    counter.value = this.views.orders.remembered.forgottenEarly;
    const nowMs = performance.now();
    if (counter.value === this.forgottenTold || nowMs - this.forgottenToldMs < FORGOTTEN_TOLD_EVERY_MS) return;
    const orders = counter.value - this.forgottenTold;
    this.options.log.warn(
      { orders },
      "ended orders were forgotten within a day because memory was full: the oldest ones of the accounts with the most",
    );
    this.forgottenTold = counter.value;
    this.forgottenToldMs = nowMs;
  }

  private async readBackups(): Promise<void> {
    this.backups = await this.stores.history.backups().catch(() => this.backups);
  }

  private repeat(everyMs: number, action: () => void): void {
    this.timers.push(setInterval(action, everyMs).unref());
  }
}

/** Does not keep the process alive. */
const sleep = (durationMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, durationMs).unref());
