import type { SecretProps } from "../constructs";
import type { Environment } from "../environments";

/** Secrets that are the same in both regions, and therefore kept in one and copied to the other. */
export const platformSecrets = ({
  monitoring,
}: Environment): readonly Pick<SecretProps, "name" | "description" | "value">[] => [
  {
    name: "engine-token-key",
    description: "Signs and verifies the users' tokens",
    value: { fields: {} },
  },
  { name: "slack-webhook", description: "Slack webhook for alerts", value: "given" },
  ...(monitoring.paging
    ? [{ name: "pagerduty-key", description: "PagerDuty key for critical alerts", value: "given" } as const]
    : []),
];
