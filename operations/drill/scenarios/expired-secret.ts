import { stackId } from "../../../vocabulary";
import { reconcileStep } from "./move";
import type { Scenario } from "./scenario";

/**
 * The key that signs the users' tokens has expired or leaked. A new one takes its place; tokens of the old key are
 * refused from then on, and users sign in again.
 */
export const expiredSecret: Scenario = {
  id: "expired-secret",
  title: "Expired or leaked secret: rotation",
  symptoms: [
    "All clients get 401 although the engine is healthy, or somebody reports that the token key has leaked.",
    "hft_errors_total does not increase; the gateway counts 401 responses.",
  ],
  fault: ({ active }) => ({ name: "secret-expired", region: active }),
  rehearsedWith: "service",
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "engine-active", region: active },
    { name: "clients-admitted" },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "Check that a healthy engine rejects clients",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "clients-refused" } },
        { kind: "await", condition: { name: "engine-active", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails: `Clients are admitted, so the key is valid. If it has leaked, continue with \`npm run operate -- rotate ${environment.name} engine-token-key\`.`,
      reaches: "detected",
    },
    {
      id: "rotate",
      title: "Put a new key in place and let the engine read it",
      phase: "start",
      actions: [
        { kind: "perform", order: { name: "rotate-secret", secret: "engine-token-key", region: active } },
        { kind: "perform", order: { name: "restart-engine", region: active } },
        { kind: "await", condition: { name: "engine-active", region: active } },
        { kind: "await", condition: { name: "clients-admitted" } },
      ],
      budgetSeconds: 120,
      ifItFails:
        "Check whether the secret has a new version in Secrets Manager and whether the file in the pod has changed; External Secrets copies it once a minute. Then resume.",
      reaches: "started",
    },
    {
      id: "verify-by-trading",
      title: "Trade once with a token of the new key",
      phase: "verify",
      actions: [{ kind: "trade" }],
      budgetSeconds: 10,
      ifItFails: "The answer names what is missing (accepted, durable, executed, position). Then resume.",
      reaches: "verified",
    },
    reconcileStep("reconcile", environment, active),
    {
      id: "expect-no-changes",
      title: "Plan the secret's stack: no deploy may revert the rotation",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "global")] }],
      budgetSeconds: 60,
      ifItFails: "Do not deploy: the plan would overwrite the secret's value. Read what it changes, then resume.",
    },
  ],
  failback: () => [],
};
