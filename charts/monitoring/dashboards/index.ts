import type { Construct } from "constructs";
import type { IConfigMap } from "kubernetes-models/v1";
import { declare } from "../../kubernetes/manifest";
import { type DashboardSpec, renderDashboard } from "./dashboard";
import { frontendDashboard } from "./frontend";
import { infrastructureDashboard } from "./infrastructure";
import { tradingDashboard } from "./trading";

export const DASHBOARDS: readonly DashboardSpec[] = [
  frontendDashboard(),
  tradingDashboard(),
  infrastructureDashboard(),
];

/** One ConfigMap each; Grafana's sidecar finds them by their label. */
export function declareDashboards(scope: Construct): void {
  for (const dashboard of DASHBOARDS) {
    declare<IConfigMap>(scope, {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: {
        name: `dashboard-${dashboard.uid}`,
        namespace: "observability",
        labels: { "app.kubernetes.io/part-of": "hft-platform", grafana_dashboard: "1" },
      },
      data: { [`${dashboard.uid}.json`]: `${JSON.stringify(renderDashboard(dashboard), null, 2)}\n` },
    });
  }
}
