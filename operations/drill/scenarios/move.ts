import type { PromotionDecision } from "@hft/engine";
import type { Environment } from "../../../environments";
import { stackId } from "../../../vocabulary";
import type { EnvironmentChange } from "./action";
import type { Situation, Step } from "./scenario";

/** Steps that move writes from one region to the other, for every scenario that ends in the other region. */
export interface Move {
  readonly situation: Situation;
  readonly from: string;
  readonly to: string;
  /** `planned`: `from` is still there to end in good order; `peer-lost`: it is not. */
  readonly decision: PromotionDecision;
  /** Put before step ids, so that a drill can move twice: there and back. @default "" */
  readonly prefix?: string;
}

/** Budgets in seconds; with detection and decision their sum must fit a recovery time objective of 300 s. */
const BUDGET = { fence: 15, promote: 90, start: 45, move: 20, verify: 10 } as const;

/** A move is one reviewed line of the environment. Everything else derives from it. */
export function activate(region: string): EnvironmentChange {
  return { field: "activeRegion", to: region };
}

/**
 * Fence, promote, start, move, verify: in the order of requirement 7.3. Each deploy changes stacks of the new region
 * and of the edge only, so all of it works while the old region is gone.
 */
export function moveSteps(move: Move): Step[] {
  return [fence(move), promote(move), start(move), moveEdge(move), verify(move)];
}

function fence({ from, to, decision, prefix = "" }: Move): Step {
  return {
    id: `${prefix}fence-writers`,
    title: `Fence the writers of ${from}`,
    phase: "fence",
    actions: [
      { kind: "perform", order: { name: "fence-writers", region: from, survivor: to } },
      { kind: "await", condition: { name: "engine-acknowledges-nothing", region: from } },
      ...(decision === "planned" ? [{ kind: "await", condition: { name: "journal-follows", from, to } } as const] : []),
    ],
    budgetSeconds: BUDGET.fence,
    ifItFails: [
      `Do not continue: two writers would diverge. If an engine of ${from} still acknowledges orders, stop its nodes in the EC2 console, or close port 7400 of its security group, then resume.`,
      ...(decision === "planned"
        ? [
            `If the journal of ${to} does not end with the last command of ${from}, it lacks acknowledged orders: deploy the workloads of ${from} again, wait until the standby is attached, then resume.`,
          ]
        : []),
    ].join(" "),
    reaches: "fenced",
  };
}

function promote({ situation, to, prefix = "" }: Move): Step {
  return {
    id: `${prefix}promote-data`,
    title: `Promote the data of ${to}`,
    phase: "promote",
    actions: [
      { kind: "deploy", changes: [activate(to)], stacks: [stackId(situation.environment, "data", to)] },
      { kind: "await", condition: { name: "database-leads", region: to } },
    ],
    budgetSeconds: BUDGET.promote,
    ifItFails: `Read the plan of ${stackId(situation.environment, "data", to)}. RDS refuses a promotion during a backup: wait until the instance is "available", then resume.`,
    reaches: "promoted",
  };
}

function start({ situation, to, decision, prefix = "" }: Move): Step {
  return {
    id: `${prefix}start-compute`,
    title: `Start the engine of ${to} as the active one`,
    phase: "start",
    actions: [
      // Before the deploy: a pod that restarts between the two leads on in its new epoch. The other way round it would
      // come back as active in the old epoch, which fences nobody.
      { kind: "perform", order: { name: "promote-engine", region: to, decision } },
      { kind: "deploy", changes: [activate(to)], stacks: [stackId(situation.environment, "workloads", to)] },
      { kind: "await", condition: { name: "engine-active", region: to } },
    ],
    budgetSeconds: BUDGET.start,
    ifItFails: `Read the answer: a promotion that would lose acknowledged orders is refused, and the answer says what to do. Read the engine's log in ${to}: if it rejects its journal, the log gives the file and the position. Start nodes if pods are pending. An engine that has restarted since its promotion is active and waits for its standby: \`npm run operate -- continue-alone ${situation.environment.name}\`. Then resume.`,
    reaches: "started",
  };
}

function moveEdge({ situation, to, prefix = "" }: Move): Step {
  return {
    id: `${prefix}move-edge`,
    title: `Send users to ${to}`,
    phase: "move",
    actions: [
      { kind: "deploy", changes: [activate(to)], stacks: [stackId(situation.environment, "edge")] },
      { kind: "await", condition: { name: "edge-points-to", region: to } },
    ],
    budgetSeconds: BUDGET.move,
    ifItFails:
      "Read the plan of the edge stack. If Cloudflare's API is down, wait for it: users keep their session and reconnect automatically. Then resume.",
    reaches: "moved",
  };
}

function verify({ to, prefix = "" }: Move): Step {
  return {
    id: `${prefix}verify-by-trading`,
    title: `Trade once in ${to}, as a user would`,
    phase: "verify",
    actions: [{ kind: "trade" }],
    budgetSeconds: BUDGET.verify,
    ifItFails:
      "The answer names what is missing (accepted, durable, executed, position). Keep the kill switch on for customers until it passes, then resume.",
    reaches: "verified",
  };
}

/** Every acknowledged order is in the survivor, once; positions follow from the executions. */
export function reconcileStep(id: string, environment: Environment, region: string): Step {
  return {
    id,
    title: `Reconcile the clients' orders with those in ${region}`,
    phase: "verify",
    actions: [{ kind: "reconcile" }],
    budgetSeconds: 20,
    ifItFails: `The output lists acknowledged orders that are missing or duplicated. Stop trading (\`npm run operate -- maintenance ${environment.name} on\`) and compare both journals before you send any order again.`,
  };
}
