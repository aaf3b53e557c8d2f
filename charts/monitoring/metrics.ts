import { ENGINE_METRICS } from "@hft/engine/configuration";

type Names<T extends Readonly<Record<string, { readonly name: string }>>> = { readonly [K in keyof T]: T[K]["name"] };

/** Metrics of the engine, by the engine's own list: a renamed one is a type error here and not an empty panel. */
export const ENGINE = Object.fromEntries(Object.entries(ENGINE_METRICS).map(([key, { name }]) => [key, name])) as Names<
  typeof ENGINE_METRICS
>;

/** Of nginx-prometheus-exporter and prometheus-nginxlog-exporter in the gateway's pods. */
export const GATEWAY = {
  up: "nginx_up",
  connections: "nginx_connections_active",
  connectionsAccepted: "nginx_connections_accepted",
  connectionsHandled: "nginx_connections_handled",
  /** Labels `method`, `status`, `route`. */
  responses: "gateway_http_response_count_total",
  /** Histogram with label `route`. */
  responseSeconds: "gateway_http_response_time_seconds_hist",
  parseErrors: "gateway_parse_errors_total",
} as const;

/** Of kube-state-metrics. */
export const KUBERNETES = {
  waitingReason: "kube_pod_container_status_waiting_reason",
  resourceLimits: "kube_pod_container_resource_limits",
  podInfo: "kube_pod_info",
  deploymentReplicas: "kube_deployment_spec_replicas",
  deploymentAvailable: "kube_deployment_status_replicas_available",
  statefulSetReplicas: "kube_statefulset_replicas",
  statefulSetReady: "kube_statefulset_status_replicas_ready",
  autoscalerReplicas: "kube_horizontalpodautoscaler_status_current_replicas",
  autoscalerMax: "kube_horizontalpodautoscaler_spec_max_replicas",
  jobFailed: "kube_job_status_failed",
  nodeCondition: "kube_node_status_condition",
} as const;

/** Of the kubelet, and of cAdvisor inside of it. */
export const KUBELET = {
  memoryWorkingSet: "container_memory_working_set_bytes",
  cpuSeconds: "container_cpu_usage_seconds_total",
  volumeAvailable: "kubelet_volume_stats_available_bytes",
  volumeCapacity: "kubelet_volume_stats_capacity_bytes",
} as const;

/** Of node-exporter. */
export const NODE = {
  cpuSeconds: "node_cpu_seconds_total",
  memoryAvailable: "node_memory_MemAvailable_bytes",
  memoryTotal: "node_memory_MemTotal_bytes",
  diskAvailable: "node_filesystem_avail_bytes",
  diskSize: "node_filesystem_size_bytes",
  name: "node_uname_info",
  networkReceived: "node_network_receive_bytes_total",
  networkSent: "node_network_transmit_bytes_total",
} as const;

/** Of blackbox-exporter. */
export const PROBE = {
  success: "probe_success",
  seconds: "probe_duration_seconds",
  certificateExpiry: "probe_ssl_earliest_cert_expiry",
} as const;

/** Job of the probes of public addresses. */
export const PUBLIC_PROBE = "public";

/** Of chrony-exporter on the low-latency nodes. */
export const CLOCK = {
  up: "chrony_up",
  offset: "chrony_tracking_system_time_seconds",
} as const;

/** Of Fluent Bit. */
export const LOGS = {
  retriesFailed: "fluentbit_output_retries_failed_total",
} as const;

/** Of operators that bring their own monitor. */
export const OPERATORS = {
  certificateExpiry: "certmanager_certificate_expiration_timestamp_seconds",
  secretCondition: "externalsecret_status_condition",
} as const;

/** Of Prometheus itself. */
export const PROMETHEUS_ITSELF = { up: "up" } as const;

/** Everything that rules and dashboards may ask for, by what exports it. */
export const EXPORTERS = {
  engine: ENGINE,
  "nginx-prometheus-exporter and prometheus-nginxlog-exporter": GATEWAY,
  "kube-state-metrics": KUBERNETES,
  kubelet: KUBELET,
  "node-exporter": NODE,
  "blackbox-exporter": PROBE,
  "chrony-exporter": CLOCK,
  "fluent-bit": LOGS,
  "cert-manager and external-secrets": OPERATORS,
  prometheus: PROMETHEUS_ITSELF,
} as const satisfies Record<string, Readonly<Record<string, string>>>;
