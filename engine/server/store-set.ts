import type { SqlClient } from "../adapters/sql";
import type { Audit } from "../api/audit";
import type { DependencyName, DependencyState, Log } from "../api/context";
import { History } from "../api/history";
import type { Instruments } from "../api/instruments";
import type { EngineConfiguration } from "../configuration";
import { readMigrations } from "../migrations/migrate";
import type { Projection } from "../projections/projection";
import { type EventSource, ProjectionRunner } from "../projections/runner";
import { SqlProjection } from "../projections/sql-projection";
import type { EventLog } from "./event-log";
import type { MetricRegistry } from "./metrics/registry";
import { MIGRATIONS, openDatabase } from "./stores";

export interface StoreParts {
  readonly configuration: EngineConfiguration;
  readonly instruments: Instruments;
  readonly events: EventLog;
  readonly audit: Audit;
  readonly metrics: MetricRegistry;
  readonly log: Log;
}

const OFF: DependencyState = { status: "off", lagSeconds: 0 };

/** All stores that follow the journal, and what is known of each. */
export class StoreSet {
  readonly history: History;
  readonly runners: { readonly name: DependencyName; readonly runner: ProjectionRunner }[] = [];
  private readonly database: SqlClient | undefined;

  constructor(private readonly parts: StoreParts) {
    const { configuration, instruments, log } = parts;
    this.database = openDatabase(configuration, log);
    this.history = new History(this.database, configuration.partition, instruments);
  }

  /** Lets every store follow; each opens in its own time, trading does not wait for them. */
  start(source: EventSource): void {
    const { configuration, instruments, audit } = this.parts;
    const { partition, limits, database } = configuration;
    if (this.database) {
      const migrations = readMigrations(MIGRATIONS);
      this.follow(
        "database",
        new SqlProjection(this.database, partition, instruments, limits.maxAccounts, migrations, audit),
        source,
        database.kind === "embedded" ? "embedded" : "up",
      );
    }
  }

  dependencies(): Readonly<Record<DependencyName, DependencyState>> {
    const state = (name: DependencyName) => this.runners.find((each) => each.name === name)?.runner.state ?? OFF;
    return { database: state("database"), cache: state("cache"), kafka: state("kafka") };
  }

  /** Oldest event that some store has still to read; undefined while that is not known of all of them. */
  retainFrom(newest: number): number | undefined {
    const positions = this.runners.map(({ runner }) => runner.sequence);
    if (positions.some((position) => position === undefined)) return undefined;
    return Math.min(newest, ...(positions as number[])) + 1;
  }

  async stop(timeoutMs: number): Promise<void> {
    await Promise.all(this.runners.map(({ runner }) => runner.stop(timeoutMs)));
  }

  private follow(
    name: DependencyName,
    projection: Projection,
    source: EventSource,
    workingAs: "up" | "embedded",
  ): void {
    const { events, metrics, log } = this.parts;
    const runner = new ProjectionRunner({ name, projection, events, source, metrics, log, workingAs });
    this.runners.push({ name, runner });
    runner.start();
  }
}
