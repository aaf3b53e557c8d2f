import { loadConfiguration } from "../../configuration";
import { DirectoryOwnership } from "../../data-directory/ownership";
import { migrateUp, migrationStatus, readMigrations } from "../../migrations/migrate";
import { MIGRATIONS, openDatabase } from "../stores/stores";

const USAGE = "usage: migrate up | status";

/** `up` applies what is pending, `status` shows what has been applied; both say what they did and exit 1 on trouble. */
async function main(command: string | undefined): Promise<void> {
  if (command !== "up" && command !== "status") throw new Error(USAGE);
  const configuration = loadConfiguration(process.env);
  const client = openDatabase(configuration, { warn() {} });
  if (!client) throw new Error('database.kind is "none": there is nothing to migrate');
  const { kind, directory } = configuration.database;
  // The embedded database has one process at a time; the process's end gives the directory back.
  if (kind === "embedded") DirectoryOwnership.take([directory], "migrate");
  try {
    const migrations = readMigrations(MIGRATIONS);
    if (command === "up") {
      const applied = await migrateUp(client, migrations);
      for (const { version, name } of applied) process.stdout.write(`applied ${version} ${name}\n`);
      process.stdout.write(`${applied.length} applied, database is at ${migrations.length}\n`);
    } else {
      for (const { version, name, state } of await migrationStatus(client, migrations)) {
        process.stdout.write(`${String(version).padStart(4, "0")} ${name.padEnd(24)} ${state}\n`);
      }
    }
  } finally {
    await client.close();
  }
}

main(process.argv[2]).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
