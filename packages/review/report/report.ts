import type { CostReport } from "../cost/estimate";
import type { Fingerprint } from "../fingerprint/fingerprint";
import type { Finding, Severity } from "../guardrails";
import type { ParityReport } from "../parity/parity";

/** The whole result of a review as plain data; every output is made from it. */
export interface Report {
  readonly format: "hft-platform-review/1";
  readonly base: string;
  readonly head: string;
  readonly summary: Summary;
  readonly findings: readonly Finding[];
  readonly stacks: readonly StackReport[];
  readonly objects: readonly ObjectReport[];
  readonly capacity: readonly CapacityReport[];
  readonly renames: readonly RenameReport[];
  readonly contracts: readonly string[];
  readonly parity: ParityReport;
  readonly cost: CostReport;
  readonly fingerprint: Fingerprint;
}

export type ActionCounts = Readonly<
  Record<"create" | "update" | "replace" | "delete" | "move" | "import" | "forget", number>
>;

export interface Summary {
  readonly actions: ActionCounts;
  readonly objects: {
    readonly create: number;
    readonly update: number;
    readonly delete: number;
    readonly restarts: number;
  };
  /** Not accepted, by severity. */
  readonly open: Readonly<Record<Severity, number>>;
  readonly accepted: number;
  /** Nothing at all would be done. */
  readonly empty: boolean;
}

export interface StackReport {
  readonly name: string;
  readonly status: "unchanged" | "changed" | "added" | "removed";
  /** Stacks that have to be deployed before it. */
  readonly needs: readonly string[];
  /** Place in the order of deployment; stacks with the same number can go together. */
  readonly wave: number;
  readonly renamedFrom?: string;
  readonly actions: ActionCounts;
  readonly resources: readonly ResourceReport[];
  readonly outputs: readonly { readonly name: string; readonly action: string }[];
}

export interface ResourceReport {
  readonly address: string;
  readonly action: string;
  readonly movedFrom?: string;
  readonly createBeforeDestroy?: boolean;
  readonly constructPath?: string;
  readonly source?: string;
  readonly changes: readonly FieldReport[];
  readonly forcedBy: readonly string[];
  /** `stack: address` of what causes it, nearest first. */
  readonly causes: readonly string[];
  /** How many other resources it drags along, and in which stacks. */
  readonly drags?: { readonly resources: number; readonly stacks: readonly string[] };
}

export interface FieldReport {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly forcesReplacement?: boolean;
}

export interface ObjectReport {
  readonly file: string;
  readonly id: string;
  readonly action: string;
  readonly restarts: boolean;
  readonly fields: readonly FieldReport[];
  readonly immutable: readonly string[];
}

export interface CapacityReport {
  readonly file: string;
  readonly pods: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}

interface RenameReport {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  readonly paste: { readonly cdktf: string; readonly pinned: string; readonly hcl: string };
}
