import type { EventBatch } from "../protocol";
import type { Recalled } from "../threads/engine";

/** A store that follows the journal. It never holds the engine up: it reads what is durable, at its own pace. */
export interface Projection {
  /** Where a restart would go on: everything after this event must stay readable. */
  readonly anchor: number;
  /** Newest event that the store has, without changing anything there; 0 for an empty one. */
  recorded(): Promise<number>;
  /** Opens the store and tells how far it is: the sequence of the newest event that it has. */
  resume(): Promise<number>;
  /**
   * Writes events completely or not at all. The batch is valid until the first wait. After a failure nobody knows
   * whether it was written; `resume` finds out.
   */
  write(batch: EventBatch): Promise<void>;
  close(): Promise<void>;

  /** Brings the store to a state, where it needs events that the journal no longer has. Returns where it is then. */
  rebuild?(recalled: Recalled): Promise<number>;
}
