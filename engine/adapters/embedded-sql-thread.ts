import { mkdirSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { PGlite, type Transaction } from "@electric-sql/pglite";
import type { EmbeddedReply, EmbeddedRequest } from "./embedded-sql";
import type { Row, Statement } from "./sql";

/** Runs the embedded PostgreSQL and answers one request after another. */
async function main(): Promise<void> {
  const { directory } = workerData as { directory: string };
  mkdirSync(directory, { recursive: true });
  const database = await PGlite.create(directory);
  let last = Promise.resolve();
  parentPort?.on("message", (message: EmbeddedRequest | "close") => {
    last = last.then(async () => {
      if (message !== "close") return parentPort?.postMessage(await answer(database, message));
      await database.close();
      parentPort?.close();
    });
  });
}

async function answer(database: PGlite, { id, statements, atomic }: EmbeddedRequest): Promise<EmbeddedReply> {
  try {
    const rows = atomic
      ? await database.transaction((transaction) => run(transaction, statements))
      : await run(database, statements);
    return { id, rows };
  } catch (error) {
    const { message, code } = error as Error & { code?: string };
    return { id, error: { message, ...(code ? { code } : {}) } };
  }
}

async function run(target: PGlite | Transaction, statements: readonly Statement[]): Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  for (const { text, values } of statements) {
    if (values) rows = (await target.query<Row>(text, [...values])).rows;
    else rows = ((await target.exec(text)).at(-1)?.rows ?? []) as readonly Row[];
  }
  return rows;
}

void main();
