import type { SecretProps } from "../constructs";

/** Secrets that are the same in both regions, and therefore kept in one and copied to the other. */
export const PLATFORM_SECRETS: readonly Pick<SecretProps, "name" | "description" | "value">[] = [
  {
    name: "engine-token-key",
    description: "Signs and checks the users' tokens",
    value: { fields: {} },
  },
  { name: "slack-webhook", description: "Where Alertmanager posts alerts", value: "given" },
  { name: "pagerduty-key", description: "Whom Alertmanager wakes for critical alerts", value: "given" },
];
