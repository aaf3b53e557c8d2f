import { createHash } from "node:crypto";
import type { StackOutcome } from "./world";

/** The part of `terraform show -json` that a drill reads. */
export interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

/** What a plan would do to a stack, in figures, with the names of what is replaced or destroyed. */
export function outcomeOf(stack: string, plan: PlanDocument, durationMs: number): StackOutcome {
  const managed = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  const doing = (...actions: string[]) =>
    managed.filter(({ change }) => actions.some((action) => action === [...change.actions].sort().join("+")));
  const replaced = doing("create+delete");
  const destroyed = doing("delete");
  return {
    stack,
    create: doing("create").length,
    update: doing("update").length,
    replace: replaced.length,
    destroy: destroyed.length,
    severe: [...replaced, ...destroyed].map(({ address }) => address),
    durationMs: Math.round(durationMs),
    planSha256: createHash("sha256")
      .update(JSON.stringify(plan.resource_changes ?? []))
      .digest("hex"),
  };
}
