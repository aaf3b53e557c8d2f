import { existsSync, mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EngineConfiguration } from "../../configuration";
import { engineSettings } from "../../entry/engine-core";
import { KafkaPosition, POSITION_FILE } from "../../entry/kafka-position";
import { FileStorage } from "../../journal/file-storage";
import { segmentName, segmentsAmong } from "../../journal/format";
import { Instruments } from "../../model/instruments";
import { recordedEvent } from "../../projections/recorded-event";
import { beginJournal } from "../../replay/adopt-snapshot";
import type { SnapshotFacts } from "../../snapshot/snapshot-format";
import { SnapshotStore } from "../../snapshot/snapshot-store";
import { openDatabase } from "../stores/stores";

/** A sentence for the operator. */
export class RecoverError extends Error {}

/**
 * Lets the journal go on behind the newest snapshot. Everything that has seen more goes aside, beside where it lay, and
 * nothing is removed. The journal begins last: until then a start is refused, and the command can be given again.
 * Returns what was done, a line each.
 */
export async function recoverFromSnapshot(configuration: EngineConfiguration): Promise<readonly string[]> {
  const journal = new FileStorage(configuration.journal.directory);
  const facts = newestIntact(configuration);
  const mark = `aside-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  const { capacity } = engineSettings(configuration, new Instruments(configuration.symbols), 0);
  const done = [
    moveSegments(journal, mark),
    ...moveNote(configuration, facts, mark),
    ...(await moveDatabase(configuration, facts, mark)),
  ];
  beginJournal(journal, capacity, facts.sequence + 1);
  return [`continues after command ${facts.sequence}; commands after it are lost, inform the clients`, ...done];
}

function newestIntact({ snapshot }: EngineConfiguration): SnapshotFacts {
  const store = new SnapshotStore(new FileStorage(snapshot.directory));
  const facts = store.newestFacts();
  if (!facts) throw new RecoverError(`${snapshot.directory}: contains no intact snapshot to continue from`);
  const newest = store.list().at(-1);
  if (newest && newest.sequence > facts.sequence)
    throw new RecoverError(
      `${newest.name}: is damaged and newer than command ${facts.sequence}, the newest intact one; move it away to continue from there`,
    );
  return facts;
}

function moveSegments(journal: FileStorage, mark: string): string {
  const names = segmentsAmong(journal.list()).map(segmentName);
  const aside = join(journal.location, mark);
  mkdirSync(aside);
  for (const name of names) renameSync(join(journal.location, name), join(aside, name));
  // Where they are now first: a loss of power must not leave them nowhere.
  new FileStorage(aside).sync();
  journal.sync();
  return `${names.length} segments of the journal were moved to ${aside}`;
}

/** A note of the orders topic that has seen later commands would refuse the next start. */
function moveNote({ snapshot }: EngineConfiguration, facts: SnapshotFacts, mark: string): string[] {
  const storage = new FileStorage(snapshot.directory);
  const noted = new KafkaPosition(snapshot.directory).notedCommand();
  if (noted <= facts.sequence) return [];
  const aside = `${POSITION_FILE}.${mark}`;
  storage.rename(POSITION_FILE, aside);
  storage.sync();
  return [
    `${POSITION_FILE} has seen command ${noted} and lies in ${join(snapshot.directory, aside)}; nobody knows any more how far ` +
      "the orders topic was read: none is read from it until its file is put back",
  ];
}

/** An embedded database that is ahead goes aside and is made again from the snapshot; a server's is the operator's. */
async function moveDatabase(configuration: EngineConfiguration, facts: SnapshotFacts, mark: string): Promise<string[]> {
  const { database, partition } = configuration;
  const embedded = database.kind === "embedded";
  if (embedded && !existsSync(join(database.directory, "PG_VERSION"))) return [];
  const client = openDatabase(configuration, { warn() {} });
  if (!client) return [];
  let recorded: number;
  try {
    recorded = await recordedEvent(client, partition);
  } catch (error) {
    return [`the database was not compared; it will be compared at the next start: ${(error as Error).message}`];
  } finally {
    await client.close().catch(() => {});
  }
  if (recorded <= facts.eventSequence) return [];
  const ahead = `the database has recorded event ${recorded}, the snapshot ends with ${facts.eventSequence}`;
  if (!embedded)
    return [`${ahead}: give the engine an empty database (database.name), otherwise it will refuse to start`];
  const aside = `${database.directory}-${mark}`;
  renameSync(database.directory, aside);
  new FileStorage(dirname(database.directory)).sync();
  return [`${ahead}: it lies in ${aside} and is made again from the snapshot`];
}
