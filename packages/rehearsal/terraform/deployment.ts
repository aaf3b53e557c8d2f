/** What to deploy or destroy. */
export interface DeployOptions {
  /** A synthesized tree (`cdktf.out`); it is copied, never written to. */
  readonly tree: string;
  /** Names or patterns with `*`. @default - every stack of the tree */
  readonly stacks?: readonly string[];
  /** Called for what Terraform is seen to do, some of which may be missing, and in the end for its errors. */
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Ends the command; what was created stays. */
  readonly signal?: AbortSignal;
}

/** One step of a resource or a stack, as Terraform reports it. */
export interface ProgressEvent {
  readonly stack: string;
  readonly kind: "resource-started" | "resource-done" | "stack-done" | "error" | "text";
  /** Address of the resource (`aws_vpc.main`). */
  readonly address?: string;
  /** The line as Terraform wrote it. */
  readonly text: string;
}

/** What Terraform did to a stack. */
export interface StackOutcome {
  readonly stack: string;
  /** `unchanged`: Terraform ran and found nothing to do; `not reached`: it did not run, or not to its end. */
  readonly status: "deployed" | "destroyed" | "unchanged" | "failed" | "not reached";
  readonly added: number;
  readonly changed: number;
  readonly destroyed: number;
}

export interface Deployment {
  readonly succeeded: boolean;
  /** In the order of the tree's dependencies. */
  readonly stacks: readonly StackOutcome[];
  /** Terraform's error messages, with the stack in front. */
  readonly errors: readonly string[];
  readonly durationMs: number;
  /** Everything that cdktf printed. */
  readonly output: string;
}
