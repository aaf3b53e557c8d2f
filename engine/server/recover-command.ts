import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { Instruments } from "../api/instruments";
import { ConfigurationError, type EngineConfiguration, loadConfiguration } from "../configuration";
import { DirectoryError, DirectoryOwnership } from "../data-directory/ownership";
import { FileStorage } from "../journal/file-storage";
import { segmentName, segmentsAmong } from "../journal/format";
import { RecoveryError } from "../journal/recovery-error";
import { beginJournal } from "../replay/adopt-snapshot";
import { SnapshotStore } from "../snapshot/snapshot-store";
import { engineSettings } from "./core";
import { writeSymbols } from "./journal-symbols";
import { directoriesOf } from "./stores";

const USAGE = `usage: recover from-snapshot | symbols
  from-snapshot  moves the journal's segments aside and goes on behind the newest snapshot: what came after it is lost
  symbols        notes the configuration's symbols as those that the journal was written with`;

/** What an operator may decide when a start is refused: each accepts something that no program can know. */
function main(command: string | undefined): string {
  if (command !== "from-snapshot" && command !== "symbols") throw new RecoverError(USAGE);
  const configuration = loadConfiguration(process.env);
  DirectoryOwnership.take(directoriesOf(configuration), "recover");
  return command === "symbols" ? symbols(configuration) : fromSnapshot(configuration);
}

/** A sentence for the operator. */
class RecoverError extends Error {}

function symbols(configuration: EngineConfiguration): string {
  writeSymbols(configuration);
  return `noted as the symbols of ${configuration.journal.directory}: ${configuration.symbols.map(({ name }) => name).join(", ")}`;
}

function fromSnapshot(configuration: EngineConfiguration): string {
  const journal = new FileStorage(configuration.journal.directory);
  const store = new SnapshotStore(new FileStorage(configuration.snapshot.directory));
  const facts = store.newestFacts();
  if (!facts) throw new RecoverError(`${configuration.snapshot.directory}: holds no intact snapshot to go on from`);
  const newest = store.list().at(-1);
  if (newest && newest.sequence > facts.sequence)
    throw new RecoverError(
      `${newest.name}: is damaged and newer than command ${facts.sequence}, the newest intact one; move it away to go on from there`,
    );
  const { capacity } = engineSettings(configuration, new Instruments(configuration.symbols), 0);
  const aside = join(journal.location, `aside-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  mkdirSync(aside);
  const segments = segmentsAmong(journal.list()).map(segmentName);
  for (const name of segments) renameSync(join(journal.location, name), join(aside, name));
  journal.sync();
  beginJournal(journal, capacity, facts.sequence + 1);
  return `goes on behind command ${facts.sequence}; ${segments.length} segments lie in ${aside}`;
}

try {
  process.stdout.write(`${main(process.argv[2])}\n`);
} catch (error) {
  const known = [RecoverError, ConfigurationError, DirectoryError, RecoveryError].some((kind) => error instanceof kind);
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
