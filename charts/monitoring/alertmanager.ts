import type { Environment } from "../../environments";
import { inhibitRules } from "./inhibition";

/** Secret in the namespace of Prometheus that holds the configuration and, beside it, what the receivers need. */
export const ALERTMANAGER_SECRET = "alertmanager-receivers";
/** Keys of the secret. Alertmanager's pods find each of them as a file under `RECEIVERS_FOLDER`. */
export const RECEIVER_FILES = { slack: "slack-webhook", pagerduty: "pagerduty-key" } as const;
/** Where the Prometheus operator mounts a secret that Alertmanager asks for. */
const RECEIVERS_FOLDER = `/etc/alertmanager/secrets/${ALERTMANAGER_SECRET}`;

/**
 * Who hears of what: Slack of everything, PagerDuty of what is critical. Alerts of one kind and region come together;
 * what another one explains is held back. Receivers read their secrets from files, so there is none in here.
 */
export function alertmanagerConfiguration(environment: Environment): string {
  const { paging } = environment.monitoring;
  const configuration = {
    global: { resolve_timeout: "5m" },
    route: {
      receiver: "slack",
      group_by: ["alertname", "component", "region"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "4h",
      routes: [
        // Always fires, to show that alerting works.
        { receiver: "nobody", matchers: ['alertname=~"Watchdog|InfoInhibitor"'] },
        ...(paging ? [{ receiver: "pagerduty", matchers: ['severity="critical"'], continue: true }] : []),
        { receiver: "slack", matchers: ['severity=~"critical|warning"'] },
      ],
    },
    inhibit_rules: inhibitRules(),
    receivers: [{ name: "nobody" }, slack(environment.name), ...(paging ? [pagerduty()] : [])],
  };
  return `${JSON.stringify(configuration, null, 2)}\n`;
}

function slack(environmentName: string) {
  return {
    name: "slack",
    slack_configs: [
      {
        api_url_file: `${RECEIVERS_FOLDER}/${RECEIVER_FILES.slack}`,
        channel: `#hft-${environmentName}`,
        send_resolved: true,
        title:
          "[{{ .Status | toUpper }}] {{ .CommonLabels.severity }}: {{ .CommonLabels.alertname }} ({{ .CommonLabels.region }})",
        text: "{{ range .Alerts }}{{ .Annotations.summary }} <{{ .Annotations.runbook_url }}|runbook>\n{{ end }}",
      },
    ],
  };
}

function pagerduty() {
  return {
    name: "pagerduty",
    pagerduty_configs: [
      {
        routing_key_file: `${RECEIVERS_FOLDER}/${RECEIVER_FILES.pagerduty}`,
        send_resolved: true,
        description: "{{ .CommonLabels.alertname }}: {{ (index .Alerts 0).Annotations.summary }}",
        details: { runbook: "{{ (index .Alerts 0).Annotations.runbook_url }}" },
      },
    ],
  };
}
