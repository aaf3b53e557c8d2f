import type { Construct } from "constructs";
import { declareExternalSecret, type SecretSource, sharedSecret } from "../secrets/secret-store";
import type { Site } from "../site";
import { ALERTMANAGER_SECRET, alertmanagerConfiguration, RECEIVER_FILES } from "./alertmanager";
import { BlackboxExporter } from "./blackbox-exporter";
import { declareDashboards } from "./dashboards";
import { declareRules } from "./rules";

/** Rules, dashboards, probes from outside, and whom alerts reach. Prometheus itself is an operator's. */
export function declareMonitoring(scope: Construct, site: Site): void {
  declareRules(scope, site);
  declareDashboards(scope);
  new BlackboxExporter(scope, site);
  declareReceivers(scope, site);
}

/** Alertmanager's whole configuration is a Secret by its operator's design; the receivers' keys lie beside it. */
function declareReceivers(scope: Construct, site: Site): void {
  const files: Record<string, SecretSource> = {
    [RECEIVER_FILES.slack]: { secret: sharedSecret(site, "slack-webhook") },
    ...(site.environment.monitoring.paging && {
      [RECEIVER_FILES.pagerduty]: { secret: sharedSecret(site, "pagerduty-key") },
    }),
  };
  declareExternalSecret(scope, { name: ALERTMANAGER_SECRET, namespace: "monitoring" }, files, {
    "alertmanager.yaml": alertmanagerConfiguration(site.environment),
  });
}
