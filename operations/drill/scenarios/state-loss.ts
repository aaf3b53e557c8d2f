import { reconcileStep } from "./move";
import { needsTwoRegions, regionalStacks, type Scenario, standbyOf } from "./scenario";

/**
 * The bucket with Terraform's states of a region is gone or emptied. Nothing that runs is touched, but nothing can be
 * deployed there either, and a deploy without state would try to make everything again.
 */
export const stateLoss: Scenario = {
  id: "state-loss",
  title: "Loss of the state bucket",
  symptoms: [
    "terraform init or plan fails with NoSuchBucket, or a plan wants to create everything.",
    "Trading is not affected.",
  ],
  fault: ({ active }) => ({ name: "states-lost", region: active }),
  refuses: needsTwoRegions,
  preconditions: ({ active }) => [{ name: "service-answers" }, { name: "state-readable", region: active }],
  recovery: (situation) => {
    const { environment, active } = situation;
    return [
      {
        id: "detect",
        title: `Check that the states of ${active} are gone`,
        phase: "detect",
        actions: [{ kind: "await", condition: { name: "state-missing", region: active } }],
        budgetSeconds: 60,
        ifItFails:
          "The states can be read. If a plan contains unexpected changes, somebody deployed something else: compare it with the last reviewed plan.",
        reaches: "detected",
      },
      {
        id: "restore-states",
        title: "Restore the states from the other region's copy",
        phase: "promote",
        actions: [
          { kind: "perform", order: { name: "restore-states", region: active, from: standbyOf(situation) } },
          { kind: "await", condition: { name: "state-readable", region: active } },
        ],
        budgetSeconds: 120,
        ifItFails:
          "Deploy nothing. The bucket keeps versions: choose the last one before the loss by hand in the S3 console, then resume.",
        reaches: "promoted",
      },
      {
        id: "expect-no-changes",
        title: "Plan every stack: the restored states must match the deployed resources",
        phase: "verify",
        actions: [{ kind: "expect-no-changes", stacks: regionalStacks(environment, active) }],
        budgetSeconds: 120,
        ifItFails:
          "The copy is older than the last deploy. Read the plan: resources that it wants to create already exist and must be imported.",
      },
      {
        id: "verify-by-trading",
        title: "Trade once, as a user would",
        phase: "verify",
        actions: [{ kind: "trade" }],
        budgetSeconds: 10,
        ifItFails: "Trading does not depend on states, so there is another fault. Check the alerts.",
        reaches: "verified",
      },
      reconcileStep("reconcile", environment, active),
    ];
  },
  failback: () => [],
};
