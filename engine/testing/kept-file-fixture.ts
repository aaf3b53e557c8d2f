import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FileStorage } from "../journal/file-storage";
import { repairJournal } from "../journal/journal-repair";
import { JournalWriter, LEAST_SEGMENT_BYTES } from "../journal/journal-writer";
import { KeptOutcomes } from "../journal/kept-outcomes";
import { setAside } from "../journal/set-aside";
import { COMMAND_WORDS, CommandDouble, CommandEncoder, RecordBuffer, type RejectReason, Side } from "../protocol";
import type { ServiceFixture } from "./service-fixture";

/** Of the history that was left; another one than that of the engines under test. */
const CAPACITY = { symbols: 1, accounts: 8, openOrders: 16, levelPages: 4, rememberedOrderIds: 8 };
const LEFT_AT_MICROSECONDS = 1_700_000_000_000_000;
export const WHO = { timeMicroseconds: LEFT_AT_MICROSECONDS, symbol: 0 };
export const orderNamed = (account: number, low: number) => ({ ...WHO, account, clientOrderId: { low } });
export const keptOrder = (account: number, low: number, price = 6_000_000) => ({
  ...orderNamed(account, low),
  side: Side.Buy,
  price,
  quantity: 10,
});
/** Writes a command, and says why it was refused in the history that was left, if it was. */
export type Write = ((encoder: CommandEncoder, index: number) => void) & { readonly refusal?: RejectReason };
export const refusedThere = (write: Write, refusal: RejectReason): Write =>
  Object.assign((...place: Parameters<Write>) => write(...place), { refusal });

/** A file of a history that was left, on the disk of an engine or on one of its own. */
export class KeptFileFixture {
  readonly name: string;
  private constructor(
    private readonly directory: string,
    history: readonly Write[],
    outcomes: KeptOutcomes | undefined,
  ) {
    const storage = new FileStorage(directory);
    const writer = new JournalWriter(storage, CAPACITY, LEAST_SEGMENT_BYTES, repairJournal(storage, CAPACITY));
    const records = RecordBuffer.allocate(history.length, COMMAND_WORDS);
    const encoder = new CommandEncoder(records);
    for (const [index, write] of history.entries()) {
      write(encoder, index);
      records.doubles[index * (COMMAND_WORDS / 2) + CommandDouble.Sequence] = index + 1;
      writer.add(records.words, records.offsetOf(index));
    }
    writer.commit();
    writer.close();
    this.name = setAside(storage, CAPACITY, 0, true, outcomes)!.name;
  }

  /** On the disk of this engine, whose own history is not looked at. */
  static at(engine: ServiceFixture, ...history: readonly Write[]): KeptFileFixture {
    return new KeptFileFixture(engine.configuration.journal.directory, history, outcomesOf(history));
  }

  /** As an older release wrote it, which kept no outcomes. */
  static older(...history: readonly Write[]): KeptFileFixture {
    return new KeptFileFixture(emptyDirectory(), history, undefined);
  }

  static elsewhere(...history: readonly Write[]): KeptFileFixture {
    return new KeptFileFixture(emptyDirectory(), history, outcomesOf(history));
  }

  get bytes(): Buffer {
    return readFileSync(join(this.directory, this.name));
  }
}

const emptyDirectory = (): string => mkdtempSync(join(tmpdir(), "hft-kept-"));

function outcomesOf(history: readonly Write[]): KeptOutcomes {
  const outcomes = KeptOutcomes.unknown(1, history.length);
  for (const [index, { refusal }] of history.entries()) {
    if (refusal === undefined) outcomes.worked(index + 1);
    else outcomes.refused(index + 1, refusal);
  }
  return outcomes;
}

export const digestOf = (bytes: Uint8Array): string =>
  `sha-256=:${createHash("sha256").update(bytes).digest("base64")}:`;

/** Asks an engine to enter a file again; without bytes, one of its own disk. */
export async function enterAgain(
  engine: Pick<ServiceFixture, "url" | "token">,
  name: string,
  bytes?: Uint8Array,
  headers: Record<string, string> = {},
  query = "",
) {
  const response = await fetch(`${engine.url}/api/admin/set-aside/${name}/enter${query}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${await engine.token(undefined, ["admin"])}`,
      ...(bytes ? { "content-type": "application/octet-stream", "content-digest": digestOf(bytes) } : {}),
      ...headers,
    },
    ...(bytes ? { body: new Uint8Array(bytes) } : {}),
  });
  const lines = (await response.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const results = lines
    .slice(0, -1)
    .map(({ sequence, result, reason }) => [sequence, result, ...(reason ? [reason] : [])].join(" "));
  return { status: response.status, lines, last: lines.at(-1), results };
}
