import { ALERTMANAGER_SECRET } from "../../charts";
import type { Operator, OperatorSite } from "./operator";

/** Prometheus, Alertmanager and Grafana. Rules, monitors and dashboards come from the charts, found by any label. */
export function monitoring({ monitoring: { prometheus, alertmanagers }, names }: OperatorSite): Operator {
  // No class is named: the default one comes with the workloads, in a later stack, and claims wait for it (Kubernetes, "Retroactive default
  // StorageClass assignment").
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
