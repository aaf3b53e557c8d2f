/** Series by name and labels, with values a minute apart in promtool's notation: `0+60x10` rises by one a second. */
export type Series = Readonly<Record<string, string>>;

/** One alert held against made-up series: those with which it must fire, and those close by with which it must not. */
export interface AlertCase {
  readonly fires: Series;
  readonly quiet: Series;
  /** Further series with which it must fire. */
  readonly firesToo?: readonly Series[];
  /** When it is looked at. @default 20 */
  readonly afterMinutes?: number;
}

const HOUR = 60;
const steady = (value: number | string) => `${value}x600`;
const rising = (perMinute: number) => `0+${perMinute}x600`;

/** A histogram whose observations lie below a bound or between it and a second one. */
const histogram = (
  name: string,
  labels: string,
  [bound, next]: [string, string],
  below: number,
  above: number,
): Series => ({
  [`${name}_bucket{${labels}, le="${bound}"}`]: rising(below),
  [`${name}_bucket{${labels}, le="${next}"}`]: rising(below + above),
  [`${name}_bucket{${labels}, le="+Inf"}`]: rising(below + above),
  [`${name}_count{${labels}}`]: rising(below + above),
});

const latency = (below: number, above: number) =>
  histogram("hft_order_latency_seconds", 'stage="match", pod="engine-0"', ["1e-05", "2e-05"], below, above);
const responses = (good: number, bad: number): Series => ({
  'gateway_http_response_count_total{route="api", status="200"}': rising(good),
  'gateway_http_response_count_total{route="api", status="502"}': rising(bad),
});
const responseTimes = (fast: number, slow: number) =>
  histogram("gateway_http_response_time_seconds_hist", 'route="api"', ["1.0", "2.5"], fast, slow);
const commands = (all: number, errors: number): Series => ({
  hft_commands_total: rising(all),
  'hft_errors_total{component="journal"}': rising(errors),
});
const queue = (depth: number): Series => ({
  'hft_queue_depth{pod="engine-0"}': steady(depth),
  'hft_queue_capacity{pod="engine-0"}': steady(100_000),
});
const gauge = (name: string, bad: number | string, good: number | string): AlertCase => ({
  fires: { [name]: steady(bad) },
  quiet: { [name]: steady(good) },
});
/** What an active engine says of its standby: one of the states is 1. */
const presence = (state: "attached" | "catching-up" | "absent"): Series =>
  Object.fromEntries(
    ["attached", "catching-up", "absent"].map((each) => [
      `hft_standby{state="${each}", pod="engine-0"}`,
      steady(each === state ? 1 : 0),
    ]),
  );
/** Both windows of an objective see the same share of bad events. */
const burning = (series: (good: number, bad: number) => Series, share: number): Series =>
  series(6000 * (1 - share), 6000 * share);
const objective = (series: (good: number, bad: number) => Series, limit: number, afterMinutes: number): AlertCase => ({
  fires: burning(series, limit * 1.2),
  quiet: burning(series, limit * 0.8),
  afterMinutes,
});
const orderShares = (good: number, bad: number) => commands(good + bad, bad);

const node = 'instance="10.0.0.5:9100"';
const uname = { [`node_uname_info{${node}, nodename="ip-10-0-0-5"}`]: steady(1) };
const engineNode = { 'kube_pod_info{namespace="trading", pod="engine-0", node="ip-10-0-0-5"}': steady(1) };
const idle = (secondsPerMinute: number): Series => ({
  [`node_cpu_seconds_total{${node}, cpu="0", mode="idle"}`]: rising(secondsPerMinute),
});

const GATEWAY_CASES = {
  GatewayServerErrors: { fires: responses(6000, 12), quiet: responses(6000, 3) },
  GatewaySlow: { fires: responseTimes(90, 10), quiet: responseTimes(99, 1) },
  GatewayDown: gauge('nginx_up{pod="gateway-1"}', 0, 1),
  GatewayDropsConnections: {
    fires: { 'nginx_connections_accepted{pod="a"}': rising(60), 'nginx_connections_handled{pod="a"}': rising(50) },
    quiet: { 'nginx_connections_accepted{pod="a"}': rising(60), 'nginx_connections_handled{pod="a"}': rising(60) },
  },
  GatewayLogUnreadable: {
    fires: { 'gateway_parse_errors_total{pod="a"}': rising(1) },
    quiet: { 'gateway_parse_errors_total{pod="a"}': steady(5) },
  },
} satisfies Record<string, AlertCase>;

const ENGINE_CASES = {
  OrderLatencyHigh: { fires: latency(900, 100), quiet: latency(9_990, 10) },
  OrderErrorRateHigh: { fires: commands(60_000, 120), quiet: commands(60_000, 30) },
  ThroughputLow: {
    fires: { ...latency(40_000 * 60, 0), ...queue(60_000) },
    // As slow, but nothing waits: there is no load.
    quiet: { ...latency(40_000 * 60, 0), ...queue(10) },
  },
  EngineQueueFilling: { fires: queue(90_000), quiet: queue(70_000) },
  RiskLimitNear: gauge('hft_risk_utilisation_ratio{limit="position"}', 0.95, 0.85),
  TradingStopped: gauge('hft_kill_switch{pod="engine-0"}', 1, 0),
  MarketDataStale: {
    fires: {
      'hft_market_data_age_seconds{symbol="BTCUSD", pod="engine-0"}': steady(45),
      'hft_role{role="active", pod="engine-0"}': steady(1),
      'hft_executions_total{symbol="BTCUSD", pod="engine-0"}': rising(60),
    },
    // Nobody trades ETHUSD, and the standby's book is allowed to be old.
    quiet: {
      'hft_market_data_age_seconds{symbol="ETHUSD", pod="engine-0"}': steady(4500),
      'hft_executions_total{symbol="ETHUSD", pod="engine-0"}': steady(7),
      'hft_role{role="active", pod="engine-0"}': steady(1),
      'hft_executions_total{symbol="BTCUSD", pod="engine-1"}': rising(60),
      'hft_market_data_age_seconds{symbol="BTCUSD", pod="engine-1"}': steady(45),
      'hft_role{role="active", pod="engine-1"}': steady(0),
    },
  },
  WebSocketConnectionsLost: {
    fires: { 'hft_websocket_connections{pod="engine-0"}': "1000x16 850x20" },
    quiet: { 'hft_websocket_connections{pod="engine-0"}': "1000x16 950x20" },
  },
  WebSocketDropsHigh: {
    fires: { 'hft_websocket_drops_total{reason="slow"}': rising(30) },
    quiet: {
      'hft_websocket_drops_total{reason="slow"}': rising(10),
      'hft_websocket_drops_total{reason="drain"}': rising(99),
    },
  },
  DependencyDown: {
    fires: { 'hft_dependency_up{dependency="cache", pod="engine-0"}': steady(0) },
    // One engine that reaches it is enough.
    quiet: {
      'hft_dependency_up{dependency="cache", pod="engine-0"}': steady(0),
      'hft_dependency_up{dependency="cache", pod="engine-1"}': steady(1),
    },
  },
  JournalSlow: gauge('hft_journal_durable_lag_seconds{pod="engine-0"}', 1.5, 0.5),
  // Time starts at 0: a snapshot at 0 is 20 minutes old when it is looked at.
  SnapshotLate: gauge('hft_last_snapshot_timestamp_seconds{pod="engine-0"}', 0, 1000),
  SnapshotFailing: gauge('hft_snapshot_failing{pod="engine-0"}', 1, 0),
  HugepagesUnused: gauge('hft_hugepages_bytes{pod="engine-0"}', 0, 1_000_000),
  EngineClockWrong: {
    fires: {
      'hft_clock_offset_seconds{pod="engine-0"}': steady(-0.0002),
      'hft_clock_synchronised{pod="engine-0"}': steady(1),
    },
    quiet: {
      'hft_clock_offset_seconds{pod="engine-0"}': steady(0.00005),
      'hft_clock_synchronised{pod="engine-0"}': steady(1),
    },
  },
  TwoActiveEngines: {
    fires: {
      'hft_role{role="active", pod="engine-0"}': steady(1),
      'hft_role{role="active", pod="engine-1"}': steady(1),
    },
    quiet: {
      'hft_role{role="active", pod="engine-0"}': steady(1),
      'hft_role{role="active", pod="engine-1"}': steady(0),
    },
  },
  NoActiveEngine: {
    // Nothing at all is no active engine either.
    fires: {},
    quiet: { 'hft_role{role="active", pod="engine-0"}': steady(1) },
  },
  StandbyMissing: {
    fires: { 'hft_role{role="active", pod="engine-0"}': steady(1) },
    quiet: { 'hft_role{role="standby", pod="engine-0"}': steady(1) },
  },
} satisfies Record<string, AlertCase>;

const RECOVERY_CASES = {
  StandbyBehind: {
    ...gauge("hft_replication_lag_seconds", 61, 59),
    // It lags in every state: while it catches up and after it is gone, the age goes on.
    fires: { 'hft_replication_lag_seconds{pod="engine-0"}': rising(60), ...presence("absent") },
  },
  StandbyAbsent: { fires: presence("absent"), quiet: presence("catching-up") },
  StandbyCatchingUp: { fires: presence("catching-up"), quiet: presence("attached") },
  AcknowledgedOrdersSetAside: {
    fires: { 'hft_set_aside_commands{acknowledged="yes", pod="engine-0"}': steady(310) },
    quiet: {
      'hft_set_aside_commands{acknowledged="yes", pod="engine-0"}': steady(0),
      'hft_set_aside_commands{acknowledged="no", pod="engine-0"}': steady(12),
    },
  },
  StandbyFallingBehind: gauge("hft_replication_lag_seconds", 31, 29),
  StoreBehind: gauge('hft_projection_lag_seconds{dependency="database"}', 61, 59),
  BackupLate: {
    fires: { 'hft_last_backup_timestamp_seconds{kind="database"}': steady(0) },
    quiet: {
      'hft_last_backup_timestamp_seconds{kind="database"}': steady(4 * 3600),
      'hft_last_backup_timestamp_seconds{kind="journal"}': steady(8.5 * 3600),
      'hft_last_backup_timestamp_seconds{kind="configuration"}': steady(0),
    },
    afterMinutes: 9 * HOUR,
  },
  JobFailed: gauge('kube_job_status_failed{namespace="trading", job_name="database-backup-1"}', 1, 0),
  NodeClockWrong: {
    fires: { 'chrony_up{node="a"}': steady(0) },
    quiet: { 'chrony_up{node="a"}': steady(1), 'chrony_tracking_system_time_seconds{node="a"}': steady(0.00001) },
  },
  CertificateExpiring: gauge(
    'certmanager_certificate_expiration_timestamp_seconds{name="origin-certificate"}',
    13 * 86_400,
    15 * 86_400,
  ),
  EngineCertificateExpiring: gauge(
    'hft_tls_certificate_expiry_timestamp_seconds{pod="engine-0"}',
    13 * 86_400,
    15 * 86_400,
  ),
  SecretNotSynchronised: gauge(
    'externalsecret_status_condition{namespace="trading", name="engine-secrets", condition="Ready", status="False"}',
    1,
    0,
  ),
  LogsNotShipped: {
    fires: { 'fluentbit_output_retries_failed_total{pod="log-shipper-x"}': rising(1) },
    quiet: { 'fluentbit_output_retries_failed_total{pod="log-shipper-x"}': steady(7) },
  },
} satisfies Record<string, AlertCase>;

/** What Prometheus scrapes of the platform; a target that vanishes has no series. */
const SCRAPED = [
  'up{namespace="trading", job="engine", instance="engine-0"}',
  'up{namespace="front", job="frontend", instance="a"}',
  'up{namespace="front", job="gateway", instance="b"}',
  'up{namespace="node-agents", job="clock-exporter", instance="c"}',
  'up{namespace="node-agents", job="log-shipper", instance="d"}',
  'up{job="public", instance="https://trade.example.com/"}',
];
const targets = (): Series => Object.fromEntries(SCRAPED.map((target) => [target, steady(1)]));
const withoutKey = (series: Series, without: string): Series =>
  Object.fromEntries(Object.entries(series).filter(([key]) => key !== without));

const CLUSTER_CASES = {
  CrashLoop: gauge(
    'kube_pod_container_status_waiting_reason{namespace="front", pod="a", container="nginx", reason="CrashLoopBackOff"}',
    1,
    0,
  ),
  ContainerMemoryHigh: {
    fires: {
      'container_memory_working_set_bytes{namespace="front", pod="a", container="nginx"}': steady(95),
      'kube_pod_container_resource_limits{namespace="front", pod="a", container="nginx", resource="memory"}':
        steady(100),
    },
    quiet: {
      'container_memory_working_set_bytes{namespace="front", pod="a", container="nginx"}': steady(85),
      'kube_pod_container_resource_limits{namespace="front", pod="a", container="nginx", resource="memory"}':
        steady(100),
    },
  },
  DeploymentIncomplete: {
    fires: {
      'kube_deployment_spec_replicas{namespace="front", deployment="frontend"}': steady(6),
      'kube_deployment_status_replicas_available{namespace="front", deployment="frontend"}': steady(5),
    },
    quiet: {
      'kube_deployment_spec_replicas{namespace="front", deployment="frontend"}': steady(6),
      'kube_deployment_status_replicas_available{namespace="front", deployment="frontend"}': steady(6),
    },
  },
  EngineIncomplete: {
    fires: {
      'kube_statefulset_replicas{namespace="trading", statefulset="engine"}': steady(2),
      'kube_statefulset_status_replicas_ready{namespace="trading", statefulset="engine"}': steady(1),
    },
    quiet: {
      'kube_statefulset_replicas{namespace="trading", statefulset="engine"}': steady(2),
      'kube_statefulset_status_replicas_ready{namespace="trading", statefulset="engine"}': steady(2),
    },
  },
  AutoscalerAtMaximum: {
    fires: {
      'kube_horizontalpodautoscaler_status_current_replicas{namespace="front", horizontalpodautoscaler="gateway"}':
        steady(10),
      'kube_horizontalpodautoscaler_spec_max_replicas{namespace="front", horizontalpodautoscaler="gateway"}':
        steady(10),
    },
    quiet: {
      'kube_horizontalpodautoscaler_status_current_replicas{namespace="front", horizontalpodautoscaler="gateway"}':
        steady(9),
      'kube_horizontalpodautoscaler_spec_max_replicas{namespace="front", horizontalpodautoscaler="gateway"}':
        steady(10),
    },
  },
  VolumeAlmostFull: {
    fires: {
      'kubelet_volume_stats_available_bytes{namespace="trading", persistentvolumeclaim="journal-engine-0"}': steady(5),
      'kubelet_volume_stats_capacity_bytes{namespace="trading", persistentvolumeclaim="journal-engine-0"}': steady(100),
    },
    quiet: {
      'kubelet_volume_stats_available_bytes{namespace="trading", persistentvolumeclaim="journal-engine-0"}': steady(15),
      'kubelet_volume_stats_capacity_bytes{namespace="trading", persistentvolumeclaim="journal-engine-0"}': steady(100),
    },
  },
  NodeCpuHigh: {
    fires: { ...uname, ...idle(6) },
    // An engine's node is busy by design.
    quiet: { ...uname, ...idle(6), ...engineNode },
  },
  NodeMemoryHigh: {
    fires: {
      ...uname,
      [`node_memory_MemAvailable_bytes{${node}}`]: steady(10),
      [`node_memory_MemTotal_bytes{${node}}`]: steady(100),
    },
    quiet: {
      ...uname,
      [`node_memory_MemAvailable_bytes{${node}}`]: steady(20),
      [`node_memory_MemTotal_bytes{${node}}`]: steady(100),
    },
  },
  NodeDiskLow: {
    fires: {
      [`node_filesystem_avail_bytes{${node}, mountpoint="/", fstype="xfs"}`]: steady(5),
      [`node_filesystem_size_bytes{${node}, mountpoint="/", fstype="xfs"}`]: steady(100),
    },
    quiet: {
      [`node_filesystem_avail_bytes{${node}, mountpoint="/run", fstype="tmpfs"}`]: steady(5),
      [`node_filesystem_size_bytes{${node}, mountpoint="/run", fstype="tmpfs"}`]: steady(100),
    },
  },
  NodeNotReady: gauge('kube_node_status_condition{node="a", condition="Ready", status="true"}', 0, 1),
  TargetDown: {
    fires: { ...targets(), 'up{namespace="trading", job="engine", instance="engine-0"}': steady(0) },
    quiet: targets(),
    firesToo: SCRAPED.map((target) => withoutKey(targets(), target)),
  },
  PublicEndpointDown: gauge('probe_success{instance="https://trade.example.com/health"}', 0, 1),
  PublicEndpointSlow: gauge('probe_duration_seconds{instance="https://trade.example.com/"}', 3, 1),
  PublicCertificateExpiring: gauge(
    'probe_ssl_earliest_cert_expiry{instance="https://trade.example.com/"}',
    6 * 86_400,
    8 * 86_400,
  ),
} satisfies Record<string, AlertCase>;

const OBJECTIVE_CASES = {
  GatewayAvailabilityBurnFast: objective(responses, 0.0144, HOUR),
  GatewayAvailabilityBurnSteady: objective(responses, 0.006, 2 * HOUR),
  GatewayAvailabilityBurnSlow: objective(responses, 0.003, 3 * HOUR),
  GatewayLatencyBurnFast: objective(responseTimes, 0.72, HOUR),
  GatewayLatencyBurnSteady: objective(responseTimes, 0.3, 2 * HOUR),
  GatewayLatencyBurnSlow: objective(responseTimes, 0.15, 3 * HOUR),
  OrderSuccessBurnFast: objective(orderShares, 0.0144, HOUR),
  OrderSuccessBurnSteady: objective(orderShares, 0.006, 2 * HOUR),
  OrderSuccessBurnSlow: objective(orderShares, 0.003, 3 * HOUR),
} satisfies Record<string, AlertCase>;

/** By alert. */
export const ALERT_CASES: Readonly<Record<string, AlertCase>> = {
  ...GATEWAY_CASES,
  ...ENGINE_CASES,
  ...RECOVERY_CASES,
  ...CLUSTER_CASES,
  ...OBJECTIVE_CASES,
};
