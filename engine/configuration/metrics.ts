/**
 * Every metric that the engine exports. Dashboards and alerts refer to these by import, so a renamed metric is a
 * type error and not an empty panel. Names follow Prometheus: base units, `_total` for counters.
 */
export interface MetricDefinition {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  readonly labels: readonly string[];
}

const metric = <const Labels extends readonly string[]>(
  type: MetricDefinition["type"],
  name: string,
  help: string,
  labels: Labels = [] as unknown as Labels,
) => ({ name, type, help, labels }) as const;

export const ENGINE_METRICS = {
  /** `stage`: match = inside the matching thread, accepted = gateway to acceptance, durable = gateway to durable. */
  orderLatency: metric("histogram", "hft_order_latency_seconds", "Latency of an order by stage", ["stage"]),
  /** `status`: accepted, rejected, filled, partially_filled, cancelled, modified, triggered. */
  orders: metric("counter", "hft_orders_total", "Orders by outcome", ["status"]),
  /** Every command that reached the engine, taken or refused: the load that throughput is judged against. */
  commands: metric("counter", "hft_commands_total", "Commands offered to the engine"),
  rejections: metric("counter", "hft_order_rejections_total", "Refused orders by reason", ["reason"]),
  rememberedOrders: metric("gauge", "hft_remembered_orders", "Ended orders whose keys and states are still remembered"),
  /** Not 0: some keys were known for less than a day. */
  forgottenOrders: metric(
    "counter",
    "hft_forgotten_orders_total",
    "Ended orders forgotten early because memory was full",
  ),
  executions: metric("counter", "hft_executions_total", "Executions by symbol", ["symbol"]),
  position: metric("gauge", "hft_position_lots", "Sum of the absolute net positions of all accounts, in lots", [
    "symbol",
  ]),
  openOrders: metric("gauge", "hft_open_orders", "Resting orders"),
  /** `limit`: position, order_rate, open_orders, queue. The highest use over all accounts. */
  riskUtilisation: metric(
    "gauge",
    "hft_risk_utilisation_ratio",
    "Highest utilisation of a risk limit; 1 is the limit",
    ["limit"],
  ),
  killSwitch: metric("gauge", "hft_kill_switch", "1 while trading is stopped"),
  /**
   * What the engine failed at for reasons of its own, by where: faults, and commands refused or left unanswered because
   * of its state (`queue-full`, `not-active`, `durability-timeout`) or its room (`order-capacity`, `book-capacity`,
   * `throughput-limit`). Divided by `commands` it is the error rate.
   */
  errors: metric("counter", "hft_errors_total", "Faults, and commands refused for technical reasons, by component", [
    "component",
  ]),
  webSocketConnections: metric("gauge", "hft_websocket_connections", "Open WebSocket connections"),
  /** `reason`: slow, oversized, malformed, capacity, unauthorized, drain. */
  webSocketDrops: metric("counter", "hft_websocket_drops_total", "WebSocket connections closed by the engine", [
    "reason",
  ]),
  httpRequests: metric("counter", "hft_http_requests_total", "HTTP requests", ["method", "route", "status"]),
  httpLatency: metric("histogram", "hft_http_request_seconds", "Duration of HTTP requests", ["route"]),
  /** `dependency`: database, cache, kafka. `outcome`: ok, error. */
  dependencyOperations: metric("counter", "hft_dependency_operations_total", "Operations on a dependency", [
    "dependency",
    "outcome",
  ]),
  dependencyLatency: metric("histogram", "hft_dependency_operation_seconds", "Duration of operations on a dependency", [
    "dependency",
  ]),
  dependencyUp: metric("gauge", "hft_dependency_up", "1 while a dependency responds", ["dependency"]),
  /** How far a store is behind the journal: what a failure of the journal's disk now would cost there. */
  projectionLag: metric(
    "gauge",
    "hft_projection_lag_seconds",
    "Age of the oldest event that a store has not received yet",
    ["dependency"],
  ),
  /**
   * Of an active engine, in every state of its standby. Without a sample: nobody knows, because there never was one.
   */
  replicationLag: metric("gauge", "hft_replication_lag_seconds", "Age of the oldest command that the standby lacks"),
  /** `state`: attached = nothing is acknowledged without it; catching-up; absent. Only an active engine has it. */
  standby: metric("gauge", "hft_standby", "1 for the current state of the standby, as seen by the active engine", [
    "state",
  ]),
  /** Equal to the standby's own hft_journal_sequence when it may be promoted without its former leader. */
  leaderEnded: metric(
    "gauge",
    "hft_leader_ended_sequence",
    "On a standby: last command of its former active engine, which has shut down cleanly",
  ),
  /** `acknowledged`: yes = clients may have been told that these commands are durable; no. */
  setAside: metric("gauge", "hft_set_aside_commands", "Set-aside commands that need a decision", ["acknowledged"]),
  journalDurableLag: metric(
    "gauge",
    "hft_journal_durable_lag_seconds",
    "Age of the oldest event that is not durable yet",
  ),
  journalSequence: metric("gauge", "hft_journal_sequence", "Newest sequence number in the journal"),
  queueDepth: metric("gauge", "hft_queue_depth", "Commands waiting for the matching thread"),
  queueCapacity: metric("gauge", "hft_queue_capacity", "Commands that may wait before the next one is refused"),
  marketDataAge: metric("gauge", "hft_market_data_age_seconds", "Time since the book last changed", ["symbol"]),
  lastSnapshot: metric("gauge", "hft_last_snapshot_timestamp_seconds", "When the newest snapshot was written"),
  snapshotFailing: metric("gauge", "hft_snapshot_failing", "1 while snapshots cannot be written"),
  /** From the table `backups`, which the backup jobs fill; 0 until the first one. */
  lastBackup: metric("gauge", "hft_last_backup_timestamp_seconds", "When the newest backup was finished", ["kind"]),
  clockOffset: metric("gauge", "hft_clock_offset_seconds", "Seconds by which the time server is ahead of the clock"),
  clockSynchronised: metric("gauge", "hft_clock_synchronised", "1 while the time server responds"),
  hugepages: metric("gauge", "hft_hugepages_bytes", "Memory of the engine on huge pages"),
  /** Of the certificate in use, whatever lies on the disk; no sample without TLS. */
  certificateExpiry: metric(
    "gauge",
    "hft_tls_certificate_expiry_timestamp_seconds",
    "When the engine's certificate expires",
  ),
  buildInfo: metric("gauge", "hft_build_info", "Always 1; the version is in the labels", [
    "version",
    "node",
    "environment",
    "region",
  ]),
  /** 1 for the role that the engine has now. */
  role: metric("gauge", "hft_role", "Role of this engine", ["role"]),
  epoch: metric("gauge", "hft_epoch", "Epoch of this engine; the engine with the higher epoch is the valid one"),
} as const satisfies Record<string, MetricDefinition>;

export type EngineMetric = keyof typeof ENGINE_METRICS;
