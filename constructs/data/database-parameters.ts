/** One setting of a PostgreSQL parameter group. */
interface DatabaseParameter {
  readonly name: string;
  readonly value: string;
  /** Static parameters only take effect at the next restart. */
  readonly applyMethod: "immediate" | "pending-reboot";
}

const immediate = (name: string, value: string): DatabaseParameter => ({ name, value, applyMethod: "immediate" });
const afterRestart = (name: string, value: string): DatabaseParameter => ({
  name,
  value,
  applyMethod: "pending-reboot",
});

/** What differs from RDS's defaults for PostgreSQL, and why. */
export const DATABASE_PARAMETERS: readonly DatabaseParameter[] = [
  // Refuses connections without TLS.
  immediate("rds.force_ssl", "1"),
  // Counts calls and time of each statement; Performance Insights shows them.
  afterRestart("shared_preload_libraries", "pg_stat_statements"),
  // Who came, who left, who changed the schema: the audit trail of the database itself.
  immediate("log_connections", "1"),
  immediate("log_disconnections", "1"),
  immediate("log_statement", "ddl"),
  // Slow statements and lock waits, in milliseconds.
  immediate("log_min_duration_statement", "500"),
  immediate("log_lock_waits", "1"),
  // A forgotten transaction holds back vacuum on the primary and replay on a replica.
  immediate("idle_in_transaction_session_timeout", "60000"),
];
