import { moveSteps, reconcileStep } from "./move";
import { decideToMove } from "./region-loss";
import { returnSteps } from "./return";
import { needsTwoRegions, type Scenario, standbyOf } from "./scenario";

/**
 * The zone of the low-latency pool is gone. Everything else spreads over three zones and heals by itself; the engines
 * sit in one zone, in one placement group, so that they are microseconds apart. Writes move to the other region while
 * this one is still there to be told.
 */
export const zoneLoss: Scenario = {
  id: "zone-loss",
  title: "Loss of the engines' zone",
  symptoms: [
    "Orders are rejected or not answered, while the site and the region's other services work.",
    "All nodes of the low-latency pool are NotReady; the EC2 health page names one zone.",
  ],
  fault: ({ active }) => ({ name: "zone-lost", region: active }),
  refuses: needsTwoRegions,
  preconditions: (situation) => [
    { name: "service-answers" },
    { name: "region-answers", region: situation.active },
    { name: "engine-active", region: situation.active },
    { name: "journal-follows", from: situation.active, to: standbyOf(situation) },
    { name: "database-follows", region: standbyOf(situation) },
  ],
  recovery: (situation) => {
    const from = situation.active;
    const to = standbyOf(situation);
    return [
      {
        id: "detect",
        title: `Check that the engines of ${from} are down and the region is not`,
        phase: "detect",
        actions: [
          { kind: "await", condition: { name: "service-silent" } },
          { kind: "await", condition: { name: "region-answers", region: from } },
        ],
        budgetSeconds: 60,
        ifItFails: `If users get answers, the engines work: see origin-out-of-sight. If ${from} does not answer at all, run region-loss.`,
        reaches: "detected",
      },
      decideToMove(from, to),
      ...moveSteps({ situation, from, to, decision: "peer-lost" }),
      reconcileStep("reconcile", situation.environment, to),
    ];
  },
  failback: (situation) => {
    const { active: from } = situation;
    return [
      {
        id: "zone-returns",
        title: `Wait until the low-latency pool of ${from} has nodes`,
        phase: "failback",
        actions: [
          { kind: "repair", fault: { name: "zone-lost", region: from } },
          { kind: "await", condition: { name: "region-answers", region: from } },
        ],
        budgetSeconds: 600,
        timeoutSeconds: 86_400,
        ifItFails:
          "The zone is still down. Trading continues in the other region; resume when the pool has nodes again.",
      },
      ...returnSteps({ situation, from, to: standbyOf(situation) }),
    ];
  },
};
