import { stackId } from "../../../vocabulary";
import { reconcileStep } from "./move";
import type { Scenario } from "./scenario";

/**
 * A release of the engine does not trade: it does not start, refuses orders, or fails its checks. The release before it
 * is deployed again, by digest; both images stay in the registry.
 */
export const badRelease: Scenario = {
  id: "bad-release",
  title: "Bad release: rollback",
  symptoms: [
    "Since a deploy, orders are rejected or not answered; the engine's pods restart or do not become ready.",
    "The alert on the error rate or on crash loops fires within minutes of the deploy.",
  ],
  fault: ({ active }) => ({ name: "bad-release", region: active }),
  preconditions: ({ active }) => [
    { name: "service-answers" },
    { name: "region-answers", region: active },
    { name: "engine-active", region: active },
  ],
  recovery: ({ environment, active, lastGoodEngine }) => [
    {
      id: "detect",
      title: "Check that the new release cannot trade",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "service-silent" } },
        { kind: "await", condition: { name: "region-answers", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails:
        "Users get answers, so the release trades. If the region does not answer either, the release is not the cause: run region-loss.",
      reaches: "detected",
    },
    {
      id: "decide",
      title: "Decide to roll back",
      phase: "decide",
      actions: [{ kind: "ask", question: `Roll the engine of ${active} back to ${lastGoodEngine}?` }],
      budgetSeconds: 60,
      timeoutSeconds: 3_600,
      retries: 0,
      ifItFails: "Nothing was changed. Resume when the decision is made.",
      reaches: "decided",
    },
    {
      id: "roll-back",
      title: "Deploy the previous release",
      phase: "start",
      actions: [
        {
          kind: "deploy",
          changes: [{ field: "images.engine", to: lastGoodEngine }],
          stacks: [stackId(environment, "workloads", active)],
        },
        { kind: "await", condition: { name: "engine-active", region: active } },
      ],
      budgetSeconds: 90,
      // The journal is not in the database: no restore of the database mends it.
      ifItFails: `The previous release does not start either: read the engine's log. If it names a journal that a newer release wrote, the previous release can never read that journal: set images.engine to the newer release again (\`npm run operate -- rollback ${environment.name} --to <image@sha256:…>\`), keep trading stopped (\`npm run operate -- maintenance ${environment.name} on\`) and fix the newer release. If another region still runs an engine of the previous release, move writes there instead (region-loss).`,
      reaches: "started",
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
      title: "Plan the workloads: no changes may be left",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "workloads", active)] }],
      budgetSeconds: 60,
      ifItFails: "Deploy the workloads stack after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
