import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import type { ICronJob, IJob, IJobSpec } from "kubernetes-models/batch/v1";
import type { IPodSpec } from "kubernetes-models/v1";
import { declare, type KubernetesObject } from "./manifest";

export interface JobProps {
  readonly metadata: KubernetesObject["metadata"];
  /** Labels of the pods. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly pod: IPodSpec;
  /** A run that takes longer is ended and counts as failed. */
  readonly deadlineSeconds: number;
  /** Tries after the first one. */
  readonly retries: number;
}

export interface CronJobProps extends JobProps {
  /** In UTC. */
  readonly schedule: string;
  /** Runs only when somebody makes a job out of it. */
  readonly suspended: boolean;
}

/** How long a finished job can be looked at. */
const KEPT_SECONDS = 7 * 24 * 3600;
/** A run that could not begin within this time is left out. */
const LATE_SECONDS = 600;

function jobSpec({ labels, annotations, pod, deadlineSeconds, retries }: JobProps): IJobSpec {
  return {
    backoffLimit: retries,
    activeDeadlineSeconds: deadlineSeconds,
    template: {
      metadata: { labels: { ...labels }, ...(annotations && { annotations: { ...annotations } }) },
      spec: { ...pod, restartPolicy: "Never" },
    },
  };
}

/**
 * Keeps a deleted job until its pods are gone. Terraform's provider deletes without a propagation policy, and for a job
 * the API server then orphans the pods: the old run would go on beside the new one.
 * Source: Kubernetes, "Garbage Collection", foreground cascading deletion.
 */
const WAIT_FOR_PODS = "foregroundDeletion";

/**
 * Runs once for each template: its name ends in a digest of all that the API server lets nobody change afterwards. It
 * stays when it is done, because whoever deployed it would make it again.
 */
export function declareJob(scope: Construct, props: JobProps): void {
  const spec = jobSpec(props);
  const digest = createHash("sha256").update(JSON.stringify(spec.template)).digest("hex").slice(0, 10);
  declare<IJob>(scope, {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...props.metadata, name: `${props.metadata.name}-${digest}`, finalizers: [WAIT_FOR_PODS] },
    spec,
  });
}

/** Runs on a schedule, never twice at once. */
export function declareCronJob(scope: Construct, props: CronJobProps): void {
  declare<ICronJob>(scope, {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: props.metadata,
    spec: {
      schedule: props.schedule,
      timeZone: "Etc/UTC",
      suspend: props.suspended,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: LATE_SECONDS,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { ...jobSpec(props), ttlSecondsAfterFinished: KEPT_SECONDS } },
    },
  });
}
