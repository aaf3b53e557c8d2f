import type { ContractChange } from "../contracts/contract-changes";
import type { ObjectChange } from "../kubernetes";
import type { ValueObject } from "../language";
import type { ResourceVerdict, TreePlan } from "../plan";
import type { RenameCandidate } from "../renames/rename-candidates";
import type { ResourceConfig } from "../tree";

export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Everything that a rule can look at. */
export interface Changes {
  readonly plan: TreePlan;
  /** All verdicts of all stacks but those that change nothing; those keep a place when their lifecycle changed. */
  readonly verdicts: readonly ChangedResource[];
  readonly renames: readonly RenameCandidate[];
  readonly contracts: readonly ContractChange[];
  readonly objects: readonly ObjectChange[];
}

export interface ChangedResource extends ResourceVerdict {
  /** Its configuration in the base; undefined when it is new. */
  readonly baseConfig: ResourceConfig | undefined;
  /** Its value once everything is applied: nothing in it is still open, unlike in `after`. */
  readonly applied: ValueObject | null;
}

/** What a rule found, where. */
export interface Breach {
  readonly stack?: string;
  /** Terraform address. */
  readonly address?: string;
  /** Kubernetes object: manifest and id. */
  readonly object?: { readonly file: string; readonly id: string };
  readonly message: string;
  /** When it is worse or milder than the rule usually is. */
  readonly severity?: Severity;
  /** Text to paste. */
  readonly remedy?: string;
}

export interface Rule {
  /** Stable; documented in docs/review.md and used to accept a breach. */
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Why it matters, for the person who reads the report. */
  readonly explanation: string;
  find(changes: Changes): readonly Breach[];
}

/** A breach of one resource. */
export function breachOf(verdict: ResourceVerdict, message: string, extra: Partial<Breach> = {}): Breach {
  return { stack: verdict.stack, address: verdict.address, message, ...extra };
}

/** A breach of one Kubernetes object. */
export function objectBreach(change: ObjectChange, message: string, extra: Partial<Breach> = {}): Breach {
  return { object: { file: change.file, id: change.id }, message: `${change.id} ${message}`, ...extra };
}
