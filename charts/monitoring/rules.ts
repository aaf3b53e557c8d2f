import type { IPrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1";
import type { Construct } from "constructs";
import { enginesOf } from "../engine/replicas";
import { declare } from "../kubernetes/manifest";
import type { Site } from "../site";
import type { Alert } from "./alerts/alert";
import { clusterAlerts } from "./alerts/cluster-alerts";
import { engineAlerts } from "./alerts/engine-alerts";
import { gatewayAlerts } from "./alerts/gateway-alerts";
import { recoveryAlerts } from "./alerts/recovery-alerts";
import { objectiveAlerts, objectiveRules, type RecordingRule } from "./objectives";
import { dashboardRules } from "./recording-rules";

/** Alerts of one concern, and what they record first. */
export interface RuleGroup {
  readonly name: string;
  readonly records: readonly RecordingRule[];
  readonly alerts: readonly Alert[];
}

/** All rules of a region. */
export function ruleGroups(site: Site): RuleGroup[] {
  const { environment, region } = site;
  const active = region.role === "active";
  return [
    { name: "gateway", records: [], alerts: gatewayAlerts() },
    {
      name: "engine",
      records: dashboardRules(),
      alerts: engineAlerts({ active, standbys: enginesOf(environment) - (active ? 1 : 0) }),
    },
    {
      name: "recovery",
      records: [],
      alerts: recoveryAlerts({
        rpoSeconds: environment.recovery.rpoSeconds,
        replicated: region.peer !== undefined || enginesOf(environment) > 1,
      }),
    },
    { name: "cluster", records: [], alerts: clusterAlerts({ frontend: environment.frontend !== undefined }) },
    { name: "objectives", records: objectiveRules(), alerts: objectiveAlerts() },
  ];
}

/** Where an alert's runbook is read; `npm run` of the drill writes it. */
function runbookUrl(repository: string, alert: string): string {
  return `https://github.com/${repository}/blob/main/docs/runbooks/${alert}.md`;
}

/** A group as Prometheus reads it. */
export function renderGroup(site: Site, { name, records, alerts }: RuleGroup) {
  const { environment, region } = site;
  return {
    name,
    rules: [
      ...records.map(({ record, expr }) => ({ record, expr })),
      ...alerts.map((alert) => ({
        alert: alert.name,
        expr: alert.expr,
        ...(alert.forSeconds > 0 && { for: `${alert.forSeconds}s` }),
        labels: {
          severity: alert.severity,
          component: alert.component,
          environment: environment.name,
          region: region.name,
        },
        annotations: {
          summary: alert.summary,
          description: alert.meaning,
          runbook_url: runbookUrl(environment.repository, alert.name),
        },
      })),
    ],
  };
}

export function declareRules(scope: Construct, site: Site): void {
  for (const group of ruleGroups(site)) {
    declare<IPrometheusRule>(scope, {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: {
        name: group.name,
        namespace: "observability",
        labels: { "app.kubernetes.io/part-of": "hft-platform" },
      },
      spec: { groups: [renderGroup(site, group)] },
    });
  }
}
