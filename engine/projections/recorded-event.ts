import type { SqlClient } from "../adapters/sql";

/** Newest event that a database has, without changing anything there; 0 for one that has no tables yet. */
export async function recordedEvent(client: SqlClient, partition: number): Promise<number> {
  const [found] = await client.query("SELECT to_regclass('projections') IS NOT NULL AS migrated");
  return found?.migrated ? positionIn(client, partition) : 0;
}

/** As `recordedEvent`, of a database that has the tables. */
export async function positionIn(client: SqlClient, partition: number): Promise<number> {
  const query = "SELECT sequence::text FROM projections WHERE partition = $1";
  const [row] = await client.query(query, [partition]);
  return Number(row?.sequence ?? 0);
}
