import { createHash } from "node:crypto";
import type { StackOutcome } from "./drill-target";

/** The part of `terraform show -json` that a drill reads. */
export interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

export interface PlannedStack {
  readonly stack: string;
  /** Hash of the stack's file as it was synthesized. */
  readonly stackSha256: string;
  readonly plan: PlanDocument;
  readonly durationMs: number;
}

export function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** What a plan would do to a stack, in figures, with the names of what is replaced or destroyed. */
export function outcomeOf({ stack, stackSha256, plan, durationMs }: PlannedStack): StackOutcome {
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
    stackSha256,
    planSha256: sha256(JSON.stringify(plan.resource_changes ?? [])),
  };
}
