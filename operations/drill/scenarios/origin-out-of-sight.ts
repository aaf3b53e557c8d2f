import { stackId } from "../../../vocabulary";
import { reconcileStep } from "./move";
import type { Scenario } from "./scenario";

/**
 * The region trades, but Cloudflare holds its origin to be ill: a firewall without Cloudflare's ranges, a changed
 * health check, a pool that somebody switched off. What stands is brought back to what is described.
 */
export const originOutOfSight: Scenario = {
  id: "origin-out-of-sight",
  title: "Cloudflare cannot reach the origin",
  symptoms: [
    "Users get Cloudflare's error 530 or 523 while the engine is healthy.",
    "Cloudflare reports the pool of the active region as unhealthy; AWS reports no problem.",
  ],
  fault: ({ active }) => ({ name: "edge-blinded", region: active }),
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "engine-active", region: active },
    { name: "edge-points-to", region: active },
  ],
  recovery: ({ environment, active }) => [
    {
      id: "detect",
      title: "Check that users cannot reach a healthy origin",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "service-silent" } },
        { kind: "await", condition: { name: "engine-active", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails: "If the engine is not active either, run zone-loss or region-loss.",
      reaches: "detected",
    },
    {
      id: "redeploy-edge",
      title: "Redeploy the origin's firewall and the edge as configured",
      phase: "move",
      actions: [
        { kind: "deploy", stacks: [stackId(environment, "network", active), stackId(environment, "edge")] },
        { kind: "await", condition: { name: "edge-points-to", region: active } },
        { kind: "await", condition: { name: "service-answers" } },
      ],
      budgetSeconds: 120,
      ifItFails:
        "The edge is as configured and users are still cut off: check Cloudflare's status page. If it does not recover, run zone-loss, which moves to the other region's origin.",
      reaches: "moved",
    },
    {
      id: "verify-by-trading",
      title: "Trade once, as a user would",
      phase: "verify",
      actions: [{ kind: "trade" }],
      budgetSeconds: 10,
      ifItFails: "The answer names what is missing (accepted, durable, executed, position). Then resume.",
      reaches: "verified",
    },
    reconcileStep("reconcile", environment, active),
    {
      id: "expect-no-changes",
      title: "Plan what was redeployed: no changes may be left",
      phase: "close",
      actions: [
        {
          kind: "expect-no-changes",
          stacks: [stackId(environment, "network", active), stackId(environment, "edge")],
        },
      ],
      budgetSeconds: 60,
      ifItFails: "Deploy the stack that is named after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
