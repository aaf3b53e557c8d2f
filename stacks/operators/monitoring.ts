import { ALERTMANAGER_SECRET, type Hop, outsideTls, plain } from "../../charts";
import type { Operator, OperatorSite } from "./operator";

/**
 * What the chart's own monitors ask (values.yaml and templates of 79.5.0, prometheus-node-exporter 4.49.1,
 * kube-state-metrics 6.4.1). Exporters could show certificates; those come from cert-manager, which is installed after
 * this chart, because its monitors are of this chart's kinds.
 */
const EXPORTERS_COME_FIRST = plain(
  "its pods start before there is a CA that could sign their certificate; it exposes metrics of machines and objects, no orders",
);
const OF_MONITORING = plain("stays within monitoring; its pods start before there is a CA");
const HOPS: readonly Hop[] = [
  {
    from: "prometheus",
    to: "kubelet",
    port: "TCP 10250",
    protection: outsideTls(
      "Prometheus presents its service account's token; the kubelet's certificate is not verified, which is the chart's default",
    ),
  },
  {
    from: "prometheus",
    to: "api-server",
    port: "TCP 443",
    protection: outsideTls(
      "the API server presents a certificate of the cluster's CA; Prometheus presents its service account's token",
    ),
  },
  {
    from: "prometheus",
    to: "prometheus-operator",
    port: "TCP 10250",
    protection: outsideTls("the operator presents the certificate that the chart's job creates for it"),
  },
  { from: "prometheus", to: "node-exporter", port: "TCP 9100", protection: EXPORTERS_COME_FIRST },
  { from: "prometheus", to: "kube-state-metrics", port: "TCP 8080", protection: EXPORTERS_COME_FIRST },
  {
    from: "prometheus",
    to: "cluster-dns",
    port: "TCP 9153",
    protection: plain("CoreDNS serves its metrics without TLS"),
  },
  {
    from: "prometheus",
    to: "kube-proxy",
    port: "TCP 10249",
    protection: plain("the chart scrapes without TLS; it exposes metrics of proxy rules"),
  },
  { from: "prometheus, grafana", to: "prometheus", port: "TCP 9090", protection: OF_MONITORING },
  { from: "prometheus, grafana", to: "alertmanager", port: "TCP 9093", protection: OF_MONITORING },
  { from: "prometheus", to: "grafana", port: "TCP 3000", protection: OF_MONITORING },
  {
    from: "alertmanager",
    to: "internet",
    port: "TCP 443",
    protection: outsideTls(
      "Slack and PagerDuty present public CAs' certificates; Alertmanager presents the receivers' keys",
    ),
  },
];

/** Prometheus, Alertmanager and Grafana. Rules, monitors and dashboards come from the charts, found by any label. */
export function monitoring({ monitoring: { prometheus, alertmanagers }, names }: OperatorSite): Operator {
  // No class is named: the default one comes with the workloads, in a later stack, and claims wait for it (Kubernetes,
  // "Retroactive default StorageClass assignment").
  const volume = (size: string) => ({
    volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } } },
  });
  return {
    name: "kube-prometheus-stack",
    namespace: "monitoring",
    // The node exporter reads the host's /proc and /sys.
    podSecurity: "privileged",
    repository: "https://prometheus-community.github.io/helm-charts",
    version: "79.5.0",
    serviceAccount: "prometheus",
    hops: HOPS,
    values: {
      prometheus: {
        prometheusSpec: {
          replicas: prometheus.replicas,
          retention: `${prometheus.retentionDays}d`,
          scrapeInterval: "15s",
          // Alerts of the chart's own rules say as well where they come from.
          externalLabels: { environment: names.environment, region: names.region },
          storageSpec: volume(`${prometheus.storageGiB}Gi`),
          serviceMonitorSelectorNilUsesHelmValues: false,
          podMonitorSelectorNilUsesHelmValues: false,
          probeSelectorNilUsesHelmValues: false,
          ruleSelectorNilUsesHelmValues: false,
        },
      },
      alertmanager: {
        alertmanagerSpec: {
          replicas: alertmanagers,
          storage: volume("5Gi"),
          alertmanagerConfigMatcherStrategy: { type: "None" },
          // Routes and receivers come from the charts, receivers' secrets beside them.
          useExistingSecret: true,
          configSecret: ALERTMANAGER_SECRET,
          secrets: [ALERTMANAGER_SECRET],
        },
      },
      grafana: {
        persistence: { enabled: false },
        sidecar: { dashboards: { enabled: true, searchNamespace: "ALL" } },
        "grafana.ini": { "auth.anonymous": { enabled: false }, security: { cookie_secure: true } },
      },
      // EKS runs these where nothing can scrape them.
      kubeControllerManager: { enabled: false },
      kubeScheduler: { enabled: false },
      kubeEtcd: { enabled: false },
    },
  };
}
