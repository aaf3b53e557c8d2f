import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Row, SqlClient, Statement } from "./sql";

/** What goes to the thread, and what comes back. */
export type EmbeddedRequest = {
  readonly id: number;
  readonly statements: readonly Statement[];
  readonly atomic: boolean;
};
export type EmbeddedReply = {
  readonly id: number;
  readonly rows?: readonly Row[];
  readonly error?: { message: string; code?: string };
};

type Waiting = { resolve(rows: readonly Row[]): void; reject(error: Error): void };

/**
 * PostgreSQL compiled to WebAssembly, in a thread of its own: its start takes seconds and its statements milliseconds,
 * during which the gateway goes on trading.
 */
export class EmbeddedSqlClient implements SqlClient {
  private thread: Worker | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  /** Why there is no thread at the moment. */
  private failure: Error | undefined;
  private closing = false;

  constructor(
    private readonly directory: string,
    private readonly threadFile = join(__dirname, "embedded-sql-thread.js"),
  ) {}

  query(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    return this.send([{ text, ...(values ? { values } : {}) }], false);
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    await this.send(statements, true);
  }

  async close(): Promise<void> {
    const { thread } = this;
    if (!thread) return;
    if (!this.failure) await this.send([], false).catch(() => {});
    this.closing = true;
    thread.postMessage("close");
    await new Promise((resolve) => (this.failure ? resolve(undefined) : thread.once("exit", resolve)));
  }

  private begin(): Worker {
    this.failure = undefined;
    const thread = this.newThread();
    thread.on("message", (reply: EmbeddedReply) => this.settle(reply));
    thread.on("error", (error) => this.fail(thread, error));
    thread.on("exit", () => this.fail(thread, new Error("the embedded database has stopped")));
    return thread;
  }

  protected newThread(): Worker {
    return new Worker(this.threadFile, { workerData: { directory: this.directory } });
  }

  /**
   * The first statement starts the thread: until then the directory may be somebody else's. One that has ended is
   * started again by the next statement: whoever sends one tries until it is answered.
   */
  private send(statements: readonly Statement[], atomic: boolean): Promise<readonly Row[]> {
    if (this.failure && this.closing) return Promise.reject(this.failure);
    const thread = this.thread === undefined || this.failure ? this.begin() : this.thread;
    this.thread = thread;
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      thread.postMessage({ id, statements, atomic } satisfies EmbeddedRequest);
    });
  }

  private settle({ id, rows, error }: EmbeddedReply): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) waiting?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else waiting?.resolve(rows ?? []);
  }

  private fail(thread: Worker, error: Error): void {
    // One that ends tells so after its error, when the next one may have begun.
    if (thread !== this.thread || this.failure) return;
    this.failure = error;
    for (const waiting of this.waiting.values()) waiting.reject(error);
    this.waiting.clear();
  }
}
