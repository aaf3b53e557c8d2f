import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SqlClient } from "../adapters/sql";

/** Any number: the key of the lock that lets one process migrate at a time. */
const LOCK = 4_711_001;
const FILE_NAME = /^(\d{4})_([a-z_]+)\.sql$/;
const TABLE = `CREATE TABLE IF NOT EXISTS schema_migrations (
  version integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`;

/** A numbered SQL file. What was applied once must never change: its checksum is kept. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrationStatus extends Migration {
  readonly state: "applied" | "pending" | "changed";
}

class MigrationError extends Error {
  override readonly name = "MigrationError";
}

/** The migrations of a folder in order. Refuses gaps, so that two branches cannot both add number 5 unseen. */
export function readMigrations(directory: string): readonly Migration[] {
  const files = readdirSync(directory)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  return files.map((file, index) => {
    const [, version, name] = FILE_NAME.exec(file) ?? [];
    if (Number(version) !== index + 1 || !name) {
      throw new MigrationError(
        `${join(directory, file)}: expected number ${String(index + 1).padStart(4, "0")}_<name>.sql`,
      );
    }
    const sql = readFileSync(join(directory, file), "utf8");
    return { version: Number(version), name, sql, checksum: createHash("sha256").update(sql).digest("hex") };
  });
}

/** What has been applied to this database and what has not. */
export async function migrationStatus(
  client: SqlClient,
  migrations: readonly Migration[],
): Promise<readonly MigrationStatus[]> {
  // Two processes that both create the table can collide even with IF NOT EXISTS.
  await client.transaction([{ text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] }, { text: TABLE }]);
  const applied = new Map(
    (await client.query("SELECT version, checksum FROM schema_migrations ORDER BY version")).map((row) => [
      Number(row.version),
      String(row.checksum),
    ]),
  );
  const newest = Math.max(0, ...applied.keys());
  if (newest > migrations.length) {
    throw new MigrationError(
      `the database is at migration ${newest}, this engine knows ${migrations.length}; run a newer engine`,
    );
  }
  return migrations.map((migration) => {
    const checksum = applied.get(migration.version);
    return {
      ...migration,
      state: checksum === undefined ? "pending" : checksum === migration.checksum ? "applied" : "changed",
    };
  });
}

/** Applies what is pending, each in a transaction of its own. Returns what it applied; safe to run twice at once. */
export async function migrateUp(client: SqlClient, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const status = await migrationStatus(client, migrations);
  const changed = status.find((migration) => migration.state === "changed");
  if (changed) {
    throw new MigrationError(
      `migration ${changed.version} (${changed.name}) was changed after it had been applied; add a new one instead`,
    );
  }
  const applied: Migration[] = [];
  for (const migration of status.filter(({ state }) => state === "pending")) {
    if (await applyOnce(client, migration)) applied.push(migration);
  }
  return applied;
}

/** The lock lives as long as the transaction; whoever waited for it finds the migration applied and leaves it. */
async function applyOnce(client: SqlClient, migration: Migration): Promise<boolean> {
  try {
    await client.transaction([
      { text: "SELECT pg_advisory_xact_lock($1)", values: [LOCK] },
      {
        text: "INSERT INTO schema_migrations (version, name, checksum) VALUES ($1, $2, $3)",
        values: [migration.version, migration.name, migration.checksum],
      },
      { text: migration.sql },
    ]);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "23505") return false;
    throw new MigrationError(`migration ${migration.version} (${migration.name}) failed: ${(error as Error).message}`);
  }
}
