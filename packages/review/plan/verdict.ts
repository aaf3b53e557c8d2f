import type { Value, ValueObject } from "../language";
import type { ResourceConfig } from "../tree";
import type { ForcedReplacement } from "./provider-plan";

/** What Terraform will do to one instance. `read` is a data source that has to wait for the apply. */
export type Action = "no-op" | "create" | "update" | "replace" | "delete" | "forget" | "import" | "read";

/** One attribute that will differ. */
export interface AttributeChange {
  /** `ingress[0].cidr_blocks`. */
  readonly path: string;
  readonly before: Value;
  readonly after: Value;
}

export interface ResourceVerdict {
  readonly stack: string;
  readonly address: string;
  readonly action: Action;
  /** The configuration it comes from; of the base when it is deleted. */
  readonly config: ResourceConfig;
  readonly before: ValueObject | null;
  readonly after: ValueObject | null;
  readonly changes: readonly AttributeChange[];
  /** Attributes that make a replacement necessary. */
  readonly forcedBy: readonly ForcedReplacement[];
  /** Resources whose change triggers the replacement through `replace_triggered_by`. */
  readonly triggeredBy: readonly string[];
  readonly createBeforeDestroy: boolean;
  /** The address that a `moved` block takes it from. */
  readonly movedFrom?: string;
  /** `stack:address` of the changes that cause this one. */
  readonly causes: readonly string[];
}

/** Something that makes `terraform plan` fail. */
export interface PlanProblem {
  readonly stack: string;
  readonly address?: string;
  readonly summary: string;
}

export interface OutputChange {
  readonly name: string;
  readonly action: "create" | "update" | "delete";
  readonly before: Value;
  readonly after: Value;
}

export interface StackPlan {
  readonly stack: string;
  readonly verdicts: readonly ResourceVerdict[];
  readonly outputs: readonly OutputChange[];
  readonly problems: readonly PlanProblem[];
}

export function originOf(stack: string, address: string): string {
  return `${stack}:${address}`;
}
