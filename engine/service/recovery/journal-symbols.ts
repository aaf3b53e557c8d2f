import { ConfigurationError, type EngineConfiguration } from "../../configuration";
import { FileStorage } from "../../journal/file-storage";
import { segmentsAmong } from "../../journal/format";
import { symbolsMissing, symbolsUnreadable } from "../../journal/recovery-error";
import { readWhole, replaceFile } from "../../journal/replace-file";
import { SnapshotStore } from "../../snapshot/snapshot-store";

interface RecordedSymbol {
  readonly name: string;
  readonly tickSize: string;
  readonly lotSize: string;
}

const SYMBOLS_FILE = "symbols.json";

/**
 * The journal counts symbols, ticks and lots and knows no names. What the numbers mean is noted beside it, and a
 * configuration that would give them another meaning is refused: old orders would change their price.
 */
export function keepSymbols(configuration: EngineConfiguration): void {
  const { journal } = configuration;
  const storage = new FileStorage(journal.directory);
  const problems = recordedSymbols(configuration, storage).flatMap((recorded, index) => {
    const found = configuration.symbols[index];
    if (found && same(found, recorded)) return [];
    return [
      {
        field: `symbols.${index}`,
        message: `is ${found ? describe(found) : "missing"}, the journal in ${journal.directory} was written with ${describe(recorded)}; restore it, or start with an empty journal`,
      },
    ];
  });
  if (problems.length > 0) throw new ConfigurationError("configuration", problems);
  writeSymbols(configuration);
}

/** Notes the configuration's symbols as those of the journal. */
export function writeSymbols({ symbols, journal }: EngineConfiguration): void {
  const recorded = symbols.map(({ name, tickSize, lotSize }): RecordedSymbol => ({ name, tickSize, lotSize }));
  replaceFile(new FileStorage(journal.directory), SYMBOLS_FILE, Buffer.from(JSON.stringify(recorded)));
}

/** None for a journal that is yet to begin. */
function recordedSymbols(configuration: EngineConfiguration, storage: FileStorage): readonly RecordedSymbol[] {
  const path = `${storage.location}/${SYMBOLS_FILE}`;
  const bytes = readWhole(storage, SYMBOLS_FILE);
  if (!bytes) {
    if (holdsHistory(configuration, storage)) throw symbolsMissing(path);
    return [];
  }
  const recorded = parse(Buffer.from(bytes).toString());
  if (!recorded) throw symbolsUnreadable(path, bytes.length);
  return recorded;
}

/** The symbols were noted before the first command, so a history without them has lost them. */
function holdsHistory({ snapshot }: EngineConfiguration, journal: FileStorage): boolean {
  return (
    segmentsAmong(journal.list()).length > 0 || new SnapshotStore(new FileStorage(snapshot.directory)).list().length > 0
  );
}

/** Undefined for anything but a list of symbols. */
function parse(text: string): readonly RecordedSymbol[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.length > 0 && value.every(isSymbol) ? value : undefined;
  } catch {
    return undefined;
  }
}

const FIELDS = ["name", "tickSize", "lotSize"] as const;

const isSymbol = (value: unknown): value is RecordedSymbol =>
  typeof value === "object" &&
  value !== null &&
  FIELDS.every((field) => typeof (value as Record<string, unknown>)[field] === "string");

const same = (one: RecordedSymbol, other: RecordedSymbol): boolean =>
  FIELDS.every((field) => one[field] === other[field]);

const describe = ({ name, tickSize, lotSize }: RecordedSymbol): string => `${name} (tick ${tickSize}, lot ${lotSize})`;
