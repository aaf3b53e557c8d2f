import type { Cluster, ObjectRef, Signals } from "./cluster";

/** Where a release takes place, and how patient it is. */
export interface ReleaseSite {
  readonly cluster: Cluster;
  readonly signals: Signals;
  readonly wait: (ms: number) => Promise<void>;
  readonly report: (line: string) => void;
  /** How long each step is watched before the next one. */
  readonly holdMs: number;
  /** Longest that pods may take to become ready. */
  readonly readyTimeoutMs: number;
}

/** One step of a release. `undo` brings back what was before it. */
export interface ReleaseStep {
  readonly title: string;
  readonly act: (site: ReleaseSite) => Promise<void>;
  readonly undo?: (site: ReleaseSite) => Promise<void>;
}

/** A way to bring a new image into service, step by step. */
export interface ReleasePlan {
  readonly title: string;
  readonly steps: readonly ReleaseStep[];
}

/** Why a release was stopped; what it had changed is undone. */
export class ReleaseStopped extends Error {
  constructor(
    readonly step: string,
    readonly reason: string,
  ) {
    super(`stopped at "${step}": ${reason}; everything is as it was before`);
    this.name = "ReleaseStopped";
  }
}

/** Above this share of failed requests nothing new is let in: the objective's whole budget. */
const ERROR_SHARE_MAX = 0.001;
const POLL_MS = 5_000;

/** Carries a plan out. On the first sign of trouble it undoes every step, the last one first, and says so. */
export async function release(plan: ReleasePlan, site: ReleaseSite): Promise<void> {
  const begun: ReleaseStep[] = [];
  for (const step of plan.steps) {
    site.report(step.title);
    begun.push(step);
    try {
      await step.act(site);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      site.report(`stopping: ${reason}`);
      for (const undone of begun.reverse()) {
        if (!undone.undo) continue;
        site.report(`undoing: ${undone.title}`);
        await undone.undo(site);
      }
      throw new ReleaseStopped(step.title, reason);
    }
  }
}

export interface Readiness {
  /** Pods that keep their old template on purpose. @default 0 */
  readonly heldBack?: number;
  /** Whether failing requests stop the waiting. @default true */
  readonly watched?: boolean;
}

/**
 * Waits until a workload consists of ready pods of its newest template; stops when too many requests fail meanwhile.
 */
export async function untilReady(site: ReleaseSite, ref: ObjectRef, readiness: Readiness = {}): Promise<void> {
  const { heldBack = 0, watched = true } = readiness;
  for (let waitedMs = 0; waitedMs <= site.readyTimeoutMs; waitedMs += POLL_MS) {
    const { observed, replicas, pods, updated, ready } = await site.cluster.progress(ref);
    const renewed = updated + heldBack;
    if (observed && renewed >= replicas && renewed >= pods && ready >= replicas) return;
    if (watched) await stopOnErrors(site);
    await site.wait(POLL_MS);
  }
  throw new Error(`${ref.name} is not ready after ${site.readyTimeoutMs / 1000} s`);
}

/** Watches the error rate for as long as a step is to be proven. */
export async function watch(site: ReleaseSite): Promise<void> {
  for (let waitedMs = 0; waitedMs < site.holdMs; waitedMs += POLL_MS) {
    await site.wait(POLL_MS);
    await stopOnErrors(site);
  }
}

async function stopOnErrors({ signals }: ReleaseSite): Promise<void> {
  const share = await signals.errorShare();
  if (share !== undefined && share > ERROR_SHARE_MAX) {
    throw new Error(`${(share * 100).toFixed(2)} % of the requests fail, ${ERROR_SHARE_MAX * 100} % are allowed`);
  }
}
