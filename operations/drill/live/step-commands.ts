import type { Action } from "../scenarios/action";
import type { Step } from "../scenarios/scenario";
import type { Command } from "./command";
import { lookAt } from "./conditions";
import { commandsFor, deployCommands, planCommands } from "./orders";
import type { Places } from "./places";

/** The commands of a step, in order: what a person types, what a live drill runs, what a runbook prints. */
export function stepCommands(step: Step, places: Places, stamp: string): Command[] {
  return step.actions.flatMap((action) => actionCommands(action, places, stamp));
}

/** @param stamp time in names of snapshots and jobs */
export function actionCommands(action: Action, places: Places, stamp: string): readonly Command[] {
  switch (action.kind) {
    case "await":
      return lookAt(action.condition, places).commands;
    case "perform":
      return commandsFor(action.order, places, stamp);
    case "deploy":
      return deployCommands(action, places);
    case "expect-no-changes":
      return planCommands(action.stacks, places);
    default:
      return [];
  }
}
