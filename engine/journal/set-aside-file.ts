import { COMMAND_WORDS, CommandType, CommandWord, PROTOCOL_VERSION } from "../protocol/command";
import { typeIn, versionIn } from "../protocol/packed-words";
import { BlockWindow } from "./block-window";
import { JOURNAL_VERSION, SEGMENT_HEADER_BYTES, segmentIdentity } from "./format";
import { KeptOutcomes, OldOutcome } from "./kept-outcomes";
import type { SetAside } from "./set-aside";
import type { StorageFile } from "./storage";

/** What is needed of a file in order to read it: one on a disk has it, and so have bytes that came from elsewhere. */
export type ReadableFile = Pick<StorageFile, "read" | "size">;

/** One command of the history that was left. Its words stay its own. */
export interface KeptCommand {
  /** In the history that was left. */
  readonly sequence: number;
  readonly words: Int32Array;
  /** There. */
  readonly outcome: OldOutcome;
  /** Why it was refused or has ended; its meaning depends on the outcome. */
  readonly outcomeDetail: number;
}

const KNOWN_TYPES: ReadonlySet<number> = new Set(
  Object.values(CommandType).filter((value): value is CommandType => typeof value === "number"),
);

/** The commands of an intact file, in their order. */
export function* keptCommands(file: ReadableFile, { firstSequence }: SetAside): Generator<KeptCommand> {
  const outcomes = KeptOutcomes.atEndOf(file);
  const window = new BlockWindow();
  window.open(file);
  for (let block = window.next(); block; block = window.next()) {
    window.take(block);
    for (let index = 0; index < block.count; index += 1) {
      const sequence = block.firstSequence + index;
      // The block in which the histories part begins with commands that both have.
      if (sequence < firstSequence) continue;
      const at = window.firstWord + index * COMMAND_WORDS;
      yield {
        sequence,
        words: window.records.words.slice(at, at + COMMAND_WORDS),
        outcome: outcomes?.of(sequence) ?? OldOutcome.Unknown,
        outcomeDetail: outcomes?.detailOf(sequence) ?? 0,
      };
    }
  }
}

/**
 * What is wrong with a file, undefined when it is whole: every block intact and behind the one before, and together the
 * commands that its name promises, with the outcomes of all of them or, as an older release wrote it, of none. Looked
 * at before the first command is used: half a history is worse than none.
 */
export function damageOf(file: ReadableFile, { firstSequence, lastSequence, epoch }: SetAside): string | undefined {
  const header = new Uint8Array(SEGMENT_HEADER_BYTES);
  const identity = segmentIdentity(header.subarray(0, file.read(header, 0)));
  if (!identity) return "it does not start with the header of a journal segment";
  if (identity.version !== JOURNAL_VERSION) {
    return `it has journal format ${identity.version}, this engine reads ${JOURNAL_VERSION}`;
  }
  const window = new BlockWindow();
  window.open(file);
  let expected = identity.firstSequence;
  let newestEpoch = 0;
  for (let block = window.next(); block; block = window.next()) {
    if (block.firstSequence !== expected) return `command ${expected} is missing, ${block.firstSequence} follows`;
    if (block.epoch < newestEpoch) return `command ${expected} is of epoch ${block.epoch}, after ${newestEpoch}`;
    window.take(block);
    const unknown = unknownCommand(window, block.count);
    if (unknown !== undefined) return `command ${block.firstSequence + unknown} is not known to this release`;
    expected += block.count;
    newestEpoch = block.epoch;
  }
  const rest = file.size() - window.position;
  // Where all commands are there, the rest can only be the outcomes.
  const name = expected - 1 === lastSequence ? "section of outcomes" : "block";
  const outcomes = KeptOutcomes.atEndOf(file);
  if (rest !== (outcomes?.length ?? 0)) return `the ${name} at byte ${window.position} is damaged or incomplete`;
  if (identity.firstSequence > firstSequence || expected - 1 !== lastSequence) {
    const held = `${identity.firstSequence} to ${expected - 1}`;
    return `it contains commands ${held}, but its name says ${firstSequence} to ${lastSequence}`;
  }
  if (outcomes?.areOf(firstSequence, lastSequence) === false) {
    return `it holds ${outcomes.count} outcomes from command ${outcomes.firstSequence}, but its name says ${firstSequence} to ${lastSequence}`;
  }
  return newestEpoch === epoch ? undefined : `it ends in epoch ${newestEpoch}, but its name says ${epoch}`;
}

/** Place in the block of a command that no engine of this release would have written; undefined when there is none. */
function unknownCommand({ records, firstWord }: BlockWindow, count: number): number | undefined {
  for (let index = 0; index < count; index += 1) {
    const header = records.words[firstWord + index * COMMAND_WORDS + CommandWord.Header] as number;
    if (!KNOWN_TYPES.has(typeIn(header)) || versionIn(header) !== PROTOCOL_VERSION) return index;
  }
  return undefined;
}

/** A file that came over the network, in memory. */
export class ReceivedFile implements ReadableFile {
  constructor(private readonly bytes: Uint8Array) {}

  size(): number {
    return this.bytes.length;
  }

  read(target: Uint8Array, position: number): number {
    const part = this.bytes.subarray(position, position + target.length);
    target.set(part);
    return part.length;
  }
}
