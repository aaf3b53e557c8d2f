import { stackId } from "../../../vocabulary";
import { moveSteps, reconcileStep } from "./move";
import { returnSteps, shortReturnSteps } from "./return";
import { needsTwoRegions, regionalStacks, type Scenario, type Situation, type Step, standbyOf } from "./scenario";

/** A whole region is gone: its engines, its data and its control plane. Writes move to the standby region. */
export const regionLoss: Scenario = {
  id: "region-loss",
  title: "Loss of the active region",
  symptoms: [
    "Users get no answer, and Cloudflare reports the pool of the active region as unhealthy.",
    "Neither the AWS console nor the Kubernetes API of that region answers; the other region is sound.",
  ],
  fault: ({ active }) => ({ name: "region-lost", region: active }),
  refuses: needsTwoRegions,
  preconditions: (situation) => [
    { name: "service-answers" },
    { name: "region-answers", region: standbyOf(situation) },
    { name: "engine-active", region: situation.active },
    { name: "journal-follows", from: situation.active, to: standbyOf(situation) },
    { name: "database-follows", region: standbyOf(situation) },
  ],
  recovery: (situation) => {
    const to = standbyOf(situation);
    const from = situation.active;
    return [
      {
        id: "detect",
        title: `See that ${from} is gone`,
        phase: "detect",
        actions: [
          { kind: "await", condition: { name: "service-silent" } },
          { kind: "await", condition: { name: "region-silent", region: from } },
        ],
        budgetSeconds: 60,
        ifItFails: `Users are answered, or ${from} still answers: this is not the loss of a region. Look at zone-loss and origin-out-of-sight.`,
        reaches: "detected",
      },
      decideToMove(from, to),
      ...moveSteps({ situation, from, to, decision: "peer-lost" }),
      reconcileStep("reconcile", situation.environment, to),
    ];
  },
  failback: (situation) => {
    const to = standbyOf(situation);
    const from = situation.active;
    return [
      {
        id: "attempt-split-brain",
        title: `Let the old engine of ${from} come back and try to trade`,
        phase: "verify",
        actions: [{ kind: "attempt-split-brain", region: from }],
        budgetSeconds: 30,
        ifItFails: `An engine of ${from} acknowledged an order that ${to} does not know. Stop it at once and reconcile by hand.`,
      },
      deployAlone(situation, to),
      regionReturns(situation),
      ...returnSteps({ situation, from, to }),
    ];
  },
  shortReturn: (situation) => [
    regionReturns(situation),
    ...shortReturnSteps({ situation, from: situation.active, to: standbyOf(situation) }),
  ],
};

export function decideToMove(from: string, to: string): Step {
  return {
    id: "decide",
    title: "Decide to move",
    phase: "decide",
    actions: [
      {
        kind: "ask",
        question: `Move writes from ${from} to ${to}? What ${from} acknowledged alone, without ${to}, stays on its disks and is kept aside when it returns.`,
      },
    ],
    budgetSeconds: 60,
    timeoutSeconds: 3_600,
    retries: 0,
    ifItFails: "Nothing was changed. Resume when the decision is made.",
    reaches: "decided",
  };
}

function regionReturns({ active }: Situation): Step {
  return {
    id: "region-returns",
    title: `Wait until ${active} is back`,
    phase: "failback",
    actions: [
      { kind: "repair", fault: { name: "region-lost", region: active } },
      { kind: "await", condition: { name: "region-answers", region: active } },
    ],
    budgetSeconds: 600,
    timeoutSeconds: 86_400,
    ifItFails: `${active} is still gone. Service goes on in the other region; resume when AWS reports the region as sound.`,
  };
}

/** The survivor must stay deployable for as long as the other region is gone, which may be days. */
function deployAlone({ environment, active }: Situation, to: string): Step {
  return {
    id: "deploy-alone",
    title: `Deploy every stack of ${to} while ${active} is gone`,
    phase: "verify",
    actions: [
      {
        kind: "deploy",
        stacks: [...regionalStacks(environment, to), stackId(environment, "edge")],
      },
    ],
    budgetSeconds: 300,
    ifItFails: `A stack of ${to} needs something of ${active}. Service goes on; find what it reads there before anything else has to be changed.`,
  };
}
