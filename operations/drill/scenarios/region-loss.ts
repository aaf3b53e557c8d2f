import { stackId } from "../../../vocabulary";
import { moveSteps, reconcileStep } from "./move";
import { returnSteps, shortReturnSteps } from "./return";
import { needsTwoRegions, regionalStacks, type Scenario, type Situation, type Step, standbyOf } from "./scenario";

/** A whole region is gone: its engines, its data and its control plane. Writes move to the standby region. */
export const regionLoss: Scenario = {
  id: "region-loss",
  title: "Loss of the active region",
  symptoms: [
    "Users get no response, and Cloudflare reports the pool of the active region as unhealthy.",
    "Neither the AWS console nor the Kubernetes API of that region responds; the other region works.",
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
        title: `Check that ${from} is down`,
        phase: "detect",
        actions: [
          { kind: "await", condition: { name: "service-silent" } },
          { kind: "await", condition: { name: "region-silent", region: from } },
        ],
        budgetSeconds: 60,
        ifItFails: `Users get answers, or ${from} still responds, so the region is not lost. See zone-loss and origin-out-of-sight.`,
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
        title: `Restart the old engine of ${from} and let it try to trade`,
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
        question: `Move writes from ${from} to ${to}? Orders that ${from} acknowledged without ${to} stay on its disks and are set aside when it returns.`,
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
    ifItFails: `${active} is still down. Trading continues in the other region; resume when AWS reports the region as healthy.`,
  };
}

/** The survivor must stay deployable for as long as the other region is gone, which may be days. */
function deployAlone({ environment, active }: Situation, to: string): Step {
  return {
    id: "deploy-alone",
    title: `Deploy every stack of ${to} while ${active} is down`,
    phase: "verify",
    actions: [
      {
        kind: "deploy",
        stacks: [...regionalStacks(environment, to), stackId(environment, "edge")],
      },
    ],
    budgetSeconds: 300,
    ifItFails: `A stack of ${to} depends on ${active}. Trading continues; find out what it reads there before you have to change anything else.`,
  };
}
