import type { Action } from "../scenarios/action";
import type { Step } from "../scenarios/scenario";
import type { Command } from "./command";
import { lookAt } from "./conditions";
import { commandsFor, deployCommands, planCommands } from "./orders";
import type { ResourceNames } from "./resource-names";

/** The commands of a step, in order: what a person types, what a live drill runs, what a runbook prints. */
export function stepCommands(step: Step, resourceNames: ResourceNames, stamp: string): Command[] {
  return step.actions.flatMap((action) => actionCommands(action, resourceNames, stamp));
}

/** @param stamp time in names of snapshots and jobs */
export function actionCommands(action: Action, resourceNames: ResourceNames, stamp: string): readonly Command[] {
  switch (action.kind) {
    case "await":
      return lookAt(action.condition, resourceNames).commands;
    case "perform":
      return commandsFor(action.order, resourceNames, stamp);
    case "deploy":
      return deployCommands(action, resourceNames);
    case "expect-no-changes":
      return planCommands(action.stacks, resourceNames);
    default:
      return [];
  }
}
