import { stackId } from "../../../vocabulary";
import type { EnvironmentChange } from "./action";
import { activate, moveSteps, reconcileStep } from "./move";
import { regionalStacks, type Situation, type Step } from "./scenario";

/** Back to the order of before, after writes moved `from` → `to`. Nobody waits for it, so budgets are generous. */
export interface Return {
  readonly situation: Situation;
  /** The region that was left. */
  readonly from: string;
  /** The region that took over. */
  readonly to: string;
}

/**
 * The region that was left becomes the standby, catches up, and takes writes back by the same move; then the other one
 * becomes the standby again. Each time the old primary database is set aside and a new replica is built, because RDS
 * cannot turn a primary into a replica.
 */
export function returnSteps({ situation, from, to }: Return): Step[] {
  return [
    setAside(from, ""),
    rebuild({ situation, region: from, leader: to, prefix: "", changes: [nextGeneration(situation, from)] }),
    decide(from, to),
    ...moveSteps({ situation, from: to, to: from, decision: "planned", prefix: "return-" }).map(unmarked),
    setAside(to, "return-"),
    rebuild({ situation, region: to, leader: from, prefix: "return-", changes: [nextGeneration(situation, to)] }),
    reconcileStep("return-reconcile", situation.environment, from),
    expectOrder(situation, [from, to]),
  ];
}

/** Id of the step in which the old leader comes back as the standby. */
export const FOLLOW_AGAIN = "engines-follow";

/**
 * The part of the way back in which orders could be lost: the old leader follows and catches up, writes and users move
 * back. Databases and stacks stay as they are; that they return too is left to full drills.
 */
export function shortReturnSteps({ situation, from, to }: Return): Step[] {
  const move = moveSteps({ situation, from: to, to: from, decision: "planned", prefix: "return-" });
  return [
    {
      id: FOLLOW_AGAIN,
      title: `Let the engine of ${from} follow the one of ${to}`,
      phase: "failback",
      actions: [
        { kind: "perform", order: { name: "restart-engine", region: from } },
        { kind: "await", condition: { name: "journal-follows", from: to, to: from } },
      ],
      budgetSeconds: 30,
      timeoutSeconds: 120,
      ifItFails: `Trading continues in ${to}. The engine of ${from} does not catch up: check its disk and the connection, then resume.`,
    },
    ...move
      .filter(({ id }) => id !== "return-promote-data")
      .map(withoutWorkloads)
      .map(unmarked),
    reconcileStep("return-reconcile", situation.environment, from),
  ];
}

/** An engine that is promoted needs no deploy; its role would be deployed right after. */
function withoutWorkloads(step: Step): Step {
  if (step.id !== "return-start-compute") return step;
  return { ...step, actions: step.actions.filter(({ kind }) => kind !== "deploy") };
}

/** Marks measure the recovery, not the return. */
function unmarked({ reaches: _, ...step }: Step): Step {
  return { ...step, phase: "failback" };
}

function nextGeneration({ environment }: Situation, region: string): EnvironmentChange {
  return { field: `database.generation.${region}`, to: (environment.database.generation[region] ?? 1) + 1 };
}

function setAside(region: string, prefix: string): Step {
  return {
    id: `${prefix}set-database-aside`,
    title: `Set the old primary database of ${region} aside`,
    phase: "failback",
    actions: [{ kind: "perform", order: { name: "set-database-aside", region } }],
    budgetSeconds: 20,
    ifItFails: `Check whether the database is still in the state of the data stack (terraform state list); remove it from the state, then resume. Do not delete the database: reconciliation needs the rows that only it has.`,
  };
}

function rebuild(props: {
  readonly situation: Situation;
  readonly region: string;
  readonly leader: string;
  readonly prefix: string;
  readonly changes: readonly EnvironmentChange[];
}): Step {
  const { situation, region, leader, prefix, changes } = props;
  return {
    id: `${prefix}rebuild-standby`,
    title: `Make ${region} the standby of ${leader}`,
    phase: "failback",
    actions: [
      {
        kind: "deploy",
        changes: [activate(leader), ...changes],
        stacks: [...regionalStacks(situation.environment, region), stackId(situation.environment, "replication")],
      },
      // It reads its role when it starts, and a fenced one has to start anew.
      { kind: "perform", order: { name: "restart-engine", region } },
      { kind: "await", condition: { name: "database-follows", region } },
      { kind: "await", condition: { name: "journal-follows", from: leader, to: region } },
    ],
    // A replica of 500 GiB takes RDS about an hour to build; nobody waits for it.
    budgetSeconds: 5_400,
    timeoutSeconds: 10_800,
    ifItFails: `Trading continues in ${leader} without a standby. Read the plan that failed, repair it and resume; until then a second fault would cause an outage.`,
  };
}

function decide(from: string, to: string): Step {
  return {
    id: "return-decide",
    title: "Decide to return",
    phase: "failback",
    actions: [{ kind: "ask", question: `Return writes from ${to} to ${from}? Trading stops for about a minute.` }],
    budgetSeconds: 60,
    timeoutSeconds: 86_400,
    ifItFails: `Nothing is broken: ${to} continues. Resume when you want to return.`,
  };
}

function expectOrder(situation: Situation, regions: readonly string[]): Step {
  const { environment } = situation;
  return {
    id: "expect-no-changes",
    title: "Plan every stack: no changes may be left",
    phase: "close",
    actions: [
      {
        kind: "expect-no-changes",
        stacks: [
          stackId(environment, "state"),
          stackId(environment, "global"),
          ...regions.flatMap((region) => regionalStacks(environment, region)),
          stackId(environment, "replication"),
          stackId(environment, "edge"),
        ],
      },
    ],
    budgetSeconds: 120,
    ifItFails:
      "The output names a plan that still contains changes. Deploy that stack after reading its plan, then resume.",
  };
}
