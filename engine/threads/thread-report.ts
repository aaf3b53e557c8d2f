import { parentPort } from "node:worker_threads";

/** What a thread tells the one that started it. */
export interface ThreadMessage {
  readonly ready?: {
    readonly placement: { readonly threadId: number; readonly cpus: string; readonly problem?: string };
    readonly replayed?: number;
    readonly snapshotSequence?: number;
  };
  /** Something an operator should know. */
  readonly notice?: string;
  /** The thread cannot go on. */
  readonly fault?: string;
  /** The standby has been told where this engine ends, or there is none to tell. */
  readonly farewellSaid?: true;
  /** What became of the order to go on alone. */
  readonly continuedAlone?: { readonly refusal?: string };
  /** Answer to a question, by its number. */
  readonly answer?: { readonly id: number; readonly value?: unknown; readonly error?: string };
}

/** Runs a thread; what it throws is told as a sentence and ends it. */
export async function report(run: () => void | Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    const { name, message, stack } = error as Error;
    // An error of an expected kind explains itself; any other one is a bug, and then the place is wanted.
    const fault = name === "RecoveryError" || "code" in (error as object) ? message : (stack ?? message);
    parentPort?.postMessage({ fault } satisfies ThreadMessage);
    parentPort?.close();
  }
}
