import { readWhole, replaceFile } from "../journal/replace-file";
import type { Storage } from "../journal/storage";
import type { DependencyName } from "../telemetry/dependency";

/** Lies beside the snapshots. */
const SET_ASIDE_STORES_FILE = "set-aside-stores.json";

interface Note {
  /** Newest event that the store can have of this history. */
  readonly sharedUpTo: number;
  /** It was seen to hold more. Otherwise it has not answered yet. */
  readonly isAhead: boolean;
}
type Notes = Partial<Record<DependencyName, Note>>;

/**
 * Stores that hold events of a history that was left, or may do so because they have not answered since this engine
 * leads. They are remembered over restarts: once this engine's own events are as many as theirs, nothing else tells the
 * two apart.
 */
export class SetAsideStores {
  constructor(private readonly storage: Storage) {}

  /** The newest event that the store may have; undefined when nothing is noted of it. */
  sharedUpTo(store: DependencyName): number | undefined {
    return this.read()[store]?.sharedUpTo;
  }

  /** Whether the store is set aside: this engine has led, knowing that it holds more. */
  isAhead(store: DependencyName): boolean {
    return this.read()[store]?.isAhead === true;
  }

  note(store: DependencyName, sharedUpTo: number, isAhead: boolean): void {
    const noted = this.read();
    const { sharedUpTo: before, isAhead: wasAhead } = noted[store] ?? {};
    if (before === sharedUpTo && wasAhead === isAhead) return;
    this.write({ ...noted, [store]: { sharedUpTo, isAhead } });
  }

  /** The store has answered and holds no more, or was emptied, or restored to a moment that both histories have. */
  forget(store: DependencyName): void {
    const { [store]: _, ...others } = this.read();
    this.write(others);
  }

  private read(): Notes {
    const bytes = readWhole(this.storage, SET_ASIDE_STORES_FILE);
    return bytes ? JSON.parse(Buffer.from(bytes).toString()) : {};
  }

  private write(notes: Notes): void {
    replaceFile(this.storage, SET_ASIDE_STORES_FILE, Buffer.from(JSON.stringify(notes)));
  }
}
