import type { DependencyName } from "../api/context";
import { readWhole, replaceFile } from "../journal/replace-file";
import type { Storage } from "../journal/storage";

/** Lies beside the snapshots. */
export const SET_ASIDE_STORES_FILE = "set-aside-stores.json";

/**
 * Stores that hold events of a history that was left, each with the newest event that it shares with this one. They are
 * remembered over restarts: once this engine's own events are as many as theirs, nothing else tells the two apart.
 */
export class SetAsideStores {
  constructor(private readonly storage: Storage) {}

  /** The newest event that the store may have; undefined when it was not set aside. */
  sharedUpTo(store: DependencyName): number | undefined {
    return this.read()[store];
  }

  note(store: DependencyName, sharedUpTo: number): void {
    this.write({ ...this.read(), [store]: sharedUpTo });
  }

  /** The store was emptied, or restored to a moment that both histories have. */
  forget(store: DependencyName): void {
    const { [store]: _, ...others } = this.read();
    this.write(others);
  }

  private read(): Partial<Record<DependencyName, number>> {
    const bytes = readWhole(this.storage, SET_ASIDE_STORES_FILE);
    return bytes ? JSON.parse(Buffer.from(bytes).toString()) : {};
  }

  private write(stores: Partial<Record<DependencyName, number>>): void {
    replaceFile(this.storage, SET_ASIDE_STORES_FILE, Buffer.from(JSON.stringify(stores)));
  }
}
