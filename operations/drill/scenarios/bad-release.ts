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
    "Orders are refused or not answered since a deploy; pods of the engine restart or do not become ready.",
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
      title: "See that the new release does not trade",
      phase: "detect",
      actions: [
        { kind: "await", condition: { name: "service-silent" } },
        { kind: "await", condition: { name: "region-answers", region: active } },
      ],
      budgetSeconds: 60,
      ifItFails:
        "Users are answered: the release trades. If the region does not answer either, this is not the release: run region-loss.",
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
      title: "Deploy the release before",
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
      ifItFails: `The release before does not start either: read the engine's log. When it names a journal that a newer release wrote, it can never take that journal up: set images.engine to the newer release again (\`npm run operate -- rollback ${environment.name} --to <image@sha256:…>\`), keep trading stopped (\`npm run operate -- maintenance ${environment.name} on\`) and mend it forward. With an engine of the release before in another region, move writes there instead (region-loss).`,
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
      title: "Plan the workloads: nothing may be left to change",
      phase: "close",
      actions: [{ kind: "expect-no-changes", stacks: [stackId(environment, "workloads", active)] }],
      budgetSeconds: 60,
      ifItFails: "Deploy the workloads stack after reading its plan, then resume.",
    },
  ],
  failback: () => [],
};
