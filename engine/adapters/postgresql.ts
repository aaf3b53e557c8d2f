import { readFileSync } from "node:fs";
import { type ConnectionOptions, checkServerIdentity } from "node:tls";
import { Pool } from "pg";
import type { EngineConfiguration } from "../configuration";
import { readCredential } from "./credential";
import type { Row, SqlClient, Statement } from "./sql";

/** A store that does not answer counts as down: the engine trades on and catches up later. */
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS_MAX = 4;

/** As libpq's `verify-full`. The driver itself would hold a certificate of an address against "localhost". */
const tlsOptions = (host: string, caFile: string | undefined): ConnectionOptions => ({
  ...(caFile === undefined ? {} : { ca: readFileSync(caFile, "utf8") }),
  checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
});

/** PostgreSQL over the network. The password is read for each connection, so a rotated one needs no restart. */
export class PostgresqlClient implements SqlClient {
  private readonly pool: Pool;

  constructor(database: EngineConfiguration["database"], onError: (error: Error) => void) {
    const [host, port] = (database.endpoint ?? "").split(":");
    this.pool = new Pool({
      host,
      port: Number(port),
      database: database.name,
      user: database.user,
      password: () => (database.passwordFile ? readCredential(database.passwordFile) : ""),
      max: CONNECTIONS_MAX,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      ...(database.tls ? { ssl: tlsOptions(host as string, database.caFile) } : {}),
    });
    // An idle connection that breaks must not end the process.
    this.pool.on("error", onError);
  }

  async query(text: string, values?: readonly unknown[]): Promise<readonly Row[]> {
    return (await this.pool.query(text, values ? [...values] : undefined)).rows;
  }

  async transaction(statements: readonly Statement[]): Promise<void> {
    const client = await this.pool.connect();
    let broken = true;
    // The pool listens to idle connections only: one that breaks between two statements would end the process.
    const ignore = () => {};
    client.on("error", ignore);
    try {
      await client.query("BEGIN");
      for (const { text, values } of statements) await client.query(text, values ? [...values] : undefined);
      await client.query("COMMIT");
      broken = false;
    } catch (error) {
      await client.query("ROLLBACK").then(
        () => (broken = false),
        () => {},
      );
      throw error;
    } finally {
      client.removeListener("error", ignore);
      // A connection in an unknown state is closed, not given back.
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}
