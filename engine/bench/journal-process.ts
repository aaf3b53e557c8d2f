import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { repairJournal } from "../journal/journal-repair";
import { JournalWriter } from "../journal/journal-writer";
import type { StorageFile } from "../journal/storage";
import { Core } from "../matching/core";
import { COMMAND_WORDS } from "../protocol/command";
import { EVENT_WORDS } from "../protocol/event";
import { RecordBuffer } from "../protocol/record-buffer";
import { inlineHotPath } from "../threads/compiler-flags";
import { BENCH_CAPACITY, generateFlow, MIXES } from "./flow";

const SEGMENT_BYTES = 64 * 1_048_576;
/** What comes in a millisecond at 100,000 a second: the group commit's default interval. */
const BLOCK_COMMANDS = 100;

/** `journal-process <directory> <commands>` writes a journal as the engine does, but syncs it once at its end. */
function write(directory: string, commands: number): void {
  const files = new FileStorage(join(directory, "journal"));
  const flow = generateFlow(MIXES[0]!, commands - MIXES[0]!.restingOrders, 7);
  const end = repairJournal(files, BENCH_CAPACITY);
  const writer = new JournalWriter(new UnsyncedFiles(files.location), BENCH_CAPACITY, SEGMENT_BYTES, end);
  const records = RecordBuffer.allocate(1, EVENT_WORDS);
  const core = new Core(BENCH_CAPACITY, { records, awaitSpace: (written) => written });
  for (let index = 0; index < flow.commands.capacity; index += 1) {
    core.apply(flow.commands, index * COMMAND_WORDS);
    writer.add(flow.commands.words, index * COMMAND_WORDS);
    if (writer.waiting === BLOCK_COMMANDS) writer.commit();
  }
  writer.commit();
  writer.close();
  for (const name of files.list()) syncFile(files.open(name));
}

function syncFile(file: StorageFile): void {
  file.sync();
  file.close();
}

/** One sync at the end stands for those after every block: nobody acknowledges anything here. */
class UnsyncedFiles extends FileStorage {
  override create(name: string): StorageFile {
    return Object.assign(super.create(name), { sync: () => {} });
  }
  override open(name: string): StorageFile {
    return Object.assign(super.open(name), { sync: () => {} });
  }
}

inlineHotPath();
const [directory = "", commands] = process.argv.slice(2);
write(directory, Number(commands));
process.stdout.write("{}\n");
