import { existsSync } from "node:fs";
import { join } from "node:path";
import { EmbeddedSqlClient } from "../../adapters/embedded-sql";
import { PostgresqlClient } from "../../adapters/postgresql";
import type { SqlClient } from "../../adapters/sql";
import type { EngineConfiguration } from "../../configuration";
import type { Log } from "../../telemetry/log";

/** The database that the configuration names; undefined for none. */
export function openDatabase({ database }: EngineConfiguration, log: Pick<Log, "warn">): SqlClient | undefined {
  switch (database.kind) {
    case "none":
      return undefined;
    case "embedded":
      return new EmbeddedSqlClient(database.directory);
    case "postgresql":
      return new PostgresqlClient(database, (error) => log.warn({ error: error.message }, "database connection lost"));
  }
}

/** The directories that an engine writes its state into, of which it must be the only owner. */
export function directoriesOf({ journal, snapshot, database }: EngineConfiguration): string[] {
  const embedded = database.kind === "embedded" ? [database.directory] : [];
  return [journal.directory, snapshot.directory, ...embedded];
}

/** SQL files: beside the bundle, or in the source checkout. */
export const MIGRATIONS = [join(__dirname, "migrations"), join(__dirname, "../../migrations")].find((directory) =>
  existsSync(directory),
) as string;
