import { ConfigurationError, type EngineConfiguration } from "../configuration";
import { FileStorage } from "../journal/file-storage";
import { readWhole, replaceFile } from "../journal/replace-file";

interface RecordedSymbol {
  readonly name: string;
  readonly tickSize: string;
  readonly lotSize: string;
}

const FILE = "symbols.json";

/**
 * The journal counts symbols, ticks and lots and knows no names. What the numbers mean is noted beside it, and a
 * configuration that would give them another meaning is refused: old orders would change their price.
 */
export function keepSymbols({ symbols, journal }: EngineConfiguration): void {
  const storage = new FileStorage(journal.directory);
  const now = symbols.map(({ name, tickSize, lotSize }): RecordedSymbol => ({ name, tickSize, lotSize }));
  const before: readonly RecordedSymbol[] = JSON.parse(Buffer.from(readWhole(storage, FILE) ?? "[]").toString());
  const problems = before.flatMap((recorded, index) => {
    const found = now[index];
    if (JSON.stringify(found) === JSON.stringify(recorded)) return [];
    const { name, tickSize, lotSize } = recorded;
    return [
      {
        field: `symbols.${index}`,
        message: `is ${found ? describe(found) : "missing"}, the journal in ${journal.directory} was written with ${describe({ name, tickSize, lotSize })}; put it back, or begin an empty journal`,
      },
    ];
  });
  if (problems.length > 0) throw new ConfigurationError("configuration", problems);
  replaceFile(storage, FILE, Buffer.from(JSON.stringify(now)));
}

const describe = ({ name, tickSize, lotSize }: RecordedSymbol): string => `${name} (tick ${tickSize}, lot ${lotSize})`;
