import type { Client } from "pg";
import { BrokenPromise, type ClientLedger } from "./client-ledger";
import { BINARY_ACCOUNT } from "./service-load";
import type { ServiceProcess } from "./service-process";

const CATCH_UP_MS = 60_000;
const LOOK_MS = 100;

interface TrailRow {
  readonly outcome: string;
  readonly command_sequence: string | null;
  times: number;
}

/** Holds the tables against what clients know: each order once, and each answered action in the audit, once. */
export async function checkTables(service: ServiceProcess, database: Client, ledger: ClientLedger): Promise<void> {
  const trail = await caughtUp(service, database, ledger);
  for (const action of ledger.actions) {
    const row = trail.get(action.requestId);
    if (row?.times !== 1) throw new BrokenPromise("an answered action has one audit record", action, row);
    if (row.outcome !== action.outcome)
      throw new BrokenPromise("the record says what the client was told", action, row);
    if (action.command && row.command_sequence === null) {
      throw new BrokenPromise("the record of a command names it", action, row);
    }
  }
  const orders = await database.query("SELECT order_id, account, client_order_id FROM orders");
  const ids = orders.rows.map((row) => `${row.account} ${row.client_order_id}`);
  if (new Set(ids).size !== ids.length)
    throw new BrokenPromise("no order is there twice", ids.length, new Set(ids).size);
  const known = new Set(orders.rows.map((row) => Number(row.order_id)));
  for (const { requestId, answer } of ledger.accepted) {
    if (!known.has(answer?.body.orderId)) throw new BrokenPromise("an answered order is there", requestId, answer);
  }
  const commands = await database.query("SELECT command_sequence FROM audit_commands WHERE account = $1", [
    BINARY_ACCOUNT,
  ]);
  const audited = new Set(commands.rows.map((row) => Number(row.command_sequence)));
  const binary = new Set(ids);
  for (const [id, sequence] of ledger.durable) {
    if (!binary.has(`${BINARY_ACCOUNT} ${id}`))
      throw new BrokenPromise("a durable binary order is there", id, sequence);
    if (!audited.has(sequence)) throw new BrokenPromise("a durable binary command is in the audit", id, sequence);
  }
  const refused = await database.query("SELECT source, reason FROM refused_records");
  if (refused.rows.length > 0) throw new BrokenPromise("the tables take everything", 0, refused.rows);
}

/** The trail by request, as soon as the tables are where the journal is and have everything that was answered. */
async function caughtUp(
  service: ServiceProcess,
  database: Client,
  ledger: ClientLedger,
): Promise<ReadonlyMap<string, TrailRow>> {
  const deadline = performance.now() + CATCH_UP_MS;
  for (;;) {
    const { body } = await service.ask({ method: "GET", path: "/health", token: "" });
    const { status, lagSeconds } = body.dependencies.database;
    const followed = status === "up" && lagSeconds === 0;
    const trail = followed ? await trailOf(database) : new Map<string, TrailRow>();
    const complete = followed && ledger.actions.every(({ requestId }) => trail.has(requestId));
    if (complete) return trail;
    if (performance.now() > deadline) {
      if (!followed)
        throw new BrokenPromise("the tables catch up with the journal", "lag 0", body.dependencies.database);
      return trail;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

async function trailOf(database: Client): Promise<ReadonlyMap<string, TrailRow>> {
  const { rows } = await database.query(
    "SELECT request_id, outcome, command_sequence FROM audit_trail WHERE request_id IS NOT NULL",
  );
  const trail = new Map<string, TrailRow>();
  for (const row of rows) {
    const { times } = trail.get(row.request_id) ?? { times: 0 };
    trail.set(row.request_id, { ...row, times: times + 1 });
  }
  return trail;
}
