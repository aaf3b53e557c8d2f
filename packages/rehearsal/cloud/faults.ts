import { setTimeout as delay } from "node:timers/promises";
import { CloudError } from "./cloud-error";

export type Action = "create" | "read" | "update" | "delete";

interface Fault {
  readonly kind: "fail" | "hang";
  readonly durationMs: number;
  remaining: number;
}

/** Calls that are to fail or to wait. A call is a type and an action: `aws_eks_node_group.create`. */
export class Faults {
  private readonly pending = new Map<string, Fault[]>();
  private waiting = new AbortController();

  fail(call: string, times: number): void {
    this.add(call, { kind: "fail", durationMs: 0, remaining: times });
  }

  hang(call: string, durationMs: number, times: number): void {
    this.add(call, { kind: "hang", durationMs, remaining: times });
  }

  /** Lets a call through, late or never. @throws CloudError when it is meant to fail */
  async strike(type: string, action: Action): Promise<void> {
    const call = `${type}.${action}`;
    const faults = this.pending.get(call) ?? [];
    const next = faults.find(({ remaining }) => remaining > 0);
    if (!next) return;
    next.remaining -= 1;
    if (next.kind === "hang") {
      await delay(next.durationMs, undefined, { ref: false, signal: this.waiting.signal }).catch(() => {
        throw new CloudError("RequestCanceled", "request context canceled", 499);
      });
      return;
    }
    throw new CloudError("InternalFailure", `${call} was made to fail by the rehearsal`, 500);
  }

  /** Ends all waiting, as when Terraform is interrupted. */
  interrupt(): void {
    this.waiting.abort();
    this.waiting = new AbortController();
  }

  private add(call: string, fault: Fault): void {
    if (!CALL.test(call)) {
      throw new Error(`"${call}" is not a call; write a type and an action, such as aws_eks_node_group.create`);
    }
    this.pending.set(call, [...(this.pending.get(call) ?? []), fault]);
  }
}

const CALL = /^(data\.)?[a-z0-9_]+\.(create|read|update|delete)$/;
