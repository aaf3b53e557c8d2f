import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ClientRate } from "../../access/client-rate";
import type { SqlClient } from "../../adapters/sql";
import type { AuditFile } from "../../audit/audit-file";
import type { EngineConfiguration } from "../../configuration";
import type { EngineCore } from "../../entry/engine-core";
import { KafkaOrders } from "../../entry/kafka-orders";
import { KafkaPosition } from "../../entry/kafka-position";
import { FileStorage } from "../../journal/file-storage";
import { readMigrations } from "../../migrations/migrate";
import type { EventLog } from "../../model/event-log";
import type { Instruments } from "../../model/instruments";
import type { Views } from "../../model/views/views";
import { AuditShipper } from "../../projections/audit-shipper";
import { CachePublisher, cachedEvent } from "../../projections/cache-publisher";
import { History } from "../../projections/history";
import { KafkaProjection } from "../../projections/kafka-projection";
import type { Projection } from "../../projections/projection";
import { type EventSource, ProjectionRunner } from "../../projections/runner";
import { SetAsideStores } from "../../projections/set-aside-stores";
import { SqlProjection } from "../../projections/sql-projection";
import type { DependencyName, DependencyState } from "../../telemetry/dependency";
import type { Log } from "../../telemetry/log";
import type { MetricRegistry } from "../../telemetry/registry";
import type { RecoveredState } from "../../threads/engine";
import type { Witness } from "../recovery/recovered-check";
import { MIGRATIONS, openDatabase } from "./stores";

export interface StoreParts {
  readonly configuration: EngineConfiguration;
  readonly instruments: Instruments;
  readonly core: EngineCore;
  readonly views: Views;
  readonly events: EventLog;
  readonly rate: ClientRate;
  readonly auditFile: AuditFile;
  readonly metrics: MetricRegistry;
  readonly log: Log;
}

interface NamedProjection {
  readonly name: DependencyName;
  readonly projection: Projection;
  readonly workingAs: "up" | "embedded";
  readonly writtenByLeader: boolean;
}

const OFF: DependencyState = { status: "off", lagSeconds: 0 };
const EMBEDDED: DependencyState = { status: "embedded", lagSeconds: 0 };

/** All stores beside the journal, and what is known of each. Trading waits for none of them. */
export class StoreSet {
  readonly history: History;
  readonly kafkaPosition: KafkaPosition | undefined;
  readonly runners: { readonly name: DependencyName; readonly runner: ProjectionRunner }[] = [];
  private readonly database: SqlClient | undefined;
  private readonly shipper: AuditShipper | undefined;
  private noteRefused = false;
  private readonly projections: readonly NamedProjection[];
  private readonly cache: CachePublisher | undefined;
  private readonly kafkaOrders: KafkaOrders | undefined;

  constructor(private readonly parts: StoreParts) {
    const { configuration, instruments, core, metrics, log } = parts;
    this.database = openDatabase(configuration, log);
    this.history = new History(this.database, configuration.partition, instruments);
    this.projections = this.makeProjections();
    this.shipper = this.makeShipper();
    if (configuration.cache.kind === "valkey") this.cache = new CachePublisher(parts);
    if (configuration.kafka.kind === "none") return;
    const position = new KafkaPosition(configuration.snapshot.directory);
    this.kafkaPosition = position;
    this.kafkaOrders = new KafkaOrders({
      configuration,
      instruments,
      core,
      log,
      offered: metrics.counter("commands"),
      errors: metrics.counter("errors", "orders-topic"),
      nextOffset: () => position.next,
    });
  }

  /** Made when it is asked: nothing is written, and no directory made, before the engine has its port and owns them. */
  private get setAside(): SetAsideStores {
    return new SetAsideStores(new FileStorage(this.parts.configuration.snapshot.directory));
  }

  /** What an active engine's journal must not end before: see `checkRecovered`. */
  witnesses(): Witness[] {
    const { kafkaPosition } = this;
    const note = kafkaPosition && { path: kafkaPosition.path, command: () => kafkaPosition.notedCommand() };
    // One that is set aside holds events of another history: that was told, and somebody led without it.
    const stores = this.projections
      .filter(({ name }) => !this.setAside.isAhead(name))
      .map(({ name, projection }) => ({ store: name, recorded: () => projection.recorded() }));
    const { configuration, instruments } = this.parts;
    const cached = {
      store: "cache",
      recorded: ({ epoch }: RecoveredState) => cachedEvent(configuration, instruments, epoch),
    };
    const cache = this.cache ? [cached] : [];
    const existing = stores.filter(({ store }) => store !== "database" || this.databaseExists());
    return [...(note ? [note] : []), ...existing, ...cache];
  }

  /** Finds out how far the orders topic was read, before anything new is read from it. */
  async restore(source: EventSource): Promise<void> {
    const { log } = this.parts;
    await this.kafkaPosition?.restore(
      (from, onBatch) => source.readEvents(from, async (batch) => onBatch(batch)),
      source.durableSequence,
      (notice) => log.warn({ component: "core" }, notice),
    );
  }

  /** Lets every store follow; each opens in its own time. */
  start(source: EventSource, leadsAfter: () => number | undefined): void {
    const { events, metrics, log } = this.parts;
    const { setAside } = this;
    for (const each of this.projections) {
      const runner = new ProjectionRunner({ ...each, events, source, metrics, log, leadsAfter, setAside });
      this.runners.push({ name: each.name, runner });
      runner.start();
    }
    this.shipper?.start();
    this.kafkaOrders?.start();
    this.cache?.start();
  }

  dependencies(): Readonly<Record<DependencyName, DependencyState>> {
    const state = (name: DependencyName) => this.runners.find((each) => each.name === name)?.runner.state ?? OFF;
    return { database: state("database"), cache: this.cache?.state ?? EMBEDDED, kafka: state("kafka") };
  }

  /** Oldest event that somebody has still to read; undefined while that is not known of all of them. */
  retainFrom(newest: number): number | undefined {
    const anchors = this.runners.map(({ runner }) => runner.anchor);
    if (anchors.some((anchor) => anchor === undefined)) return undefined;
    return Math.min(newest, this.kafkaPosition?.neededAfter ?? newest, ...(anchors as number[])) + 1;
  }

  /**
   * Notes how far the orders topic was read. A note that cannot be written only makes the search after a restart
   * longer.
   */
  notePosition(): void {
    const { core, metrics, log } = this.parts;
    try {
      this.kafkaPosition?.save(core.durableSequence);
      this.noteRefused = false;
    } catch (error) {
      metrics.counter("errors", "orders-topic").value += 1;
      const { message } = error as Error;
      if (!this.noteRefused)
        log.error({ error: message }, "the position in the orders topic cannot be recorded; trying again");
      this.noteRefused = true;
    }
  }

  /** Reads no more orders. What was read is in the journal. */
  async stopReading(): Promise<void> {
    await this.kafkaOrders?.stop();
  }

  async stop(timeoutMs: number): Promise<void> {
    await this.shipper?.stop(timeoutMs);
    await Promise.all([...this.runners.map(({ runner }) => runner.stop(timeoutMs)), this.cache?.stop()]);
  }

  private makeProjections(): NamedProjection[] {
    const { configuration, instruments, views, metrics, log } = this.parts;
    const { partition, limits, database, kafka } = configuration;
    const made: NamedProjection[] = [];
    if (this.database) {
      const migrations = readMigrations(MIGRATIONS);
      const refused = { log, counter: metrics.counter("errors", "database-refused") };
      const projection = new SqlProjection(
        this.database,
        partition,
        instruments,
        limits.maxAccounts,
        migrations,
        refused,
      );
      const own = database.kind === "embedded";
      made.push({ name: "database", projection, workingAs: own ? "embedded" : "up", writtenByLeader: !own });
    }
    if (kafka.kind !== "none") {
      const projection = new KafkaProjection(configuration, instruments, views, log);
      made.push({ name: "kafka", projection, workingAs: "up", writtenByLeader: true });
    }
    return made;
  }

  private makeShipper(): AuditShipper | undefined {
    const { configuration, auditFile, metrics, log } = this.parts;
    if (!this.database) return undefined;
    return new AuditShipper({
      client: this.database,
      partition: configuration.partition,
      file: auditFile,
      ready: () => this.runners[0]?.runner.anchor !== undefined,
      refused: metrics.counter("errors", "audit-refused"),
      log,
    });
  }

  /** An embedded database that was never made has recorded nothing, and to make it takes seconds. */
  private databaseExists(): boolean {
    const { kind, directory } = this.parts.configuration.database;
    return kind !== "embedded" || existsSync(join(directory, "PG_VERSION"));
  }
}
