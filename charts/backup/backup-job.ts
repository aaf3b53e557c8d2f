import type { Construct } from "constructs";
import type { IContainer, IPodSpec, IVolume } from "kubernetes-models/v1";
import type { AwsNeed } from "../aws-needs";
import { tcp } from "../kubernetes/connections";
import { declareCronJob } from "../kubernetes/job";
import { hardenedPod } from "../kubernetes/pod";
import { Workload } from "../kubernetes/workload";
import { managedServices, SERVICE_TLS } from "../managed-services";
import type { Site } from "../site";
import { stepVolumes } from "./script-step";

export interface BackupJobProps {
  readonly name: string;
  /** In UTC; `undefined` for what only a person starts. */
  readonly schedule?: string;
  readonly aws: readonly AwsNeed[];
  /** One after the other; the last one is the pod's own container. */
  readonly steps: readonly IContainer[];
  readonly workGiB: number;
  readonly volumes?: readonly IVolume[];
  readonly deadlineSeconds: number;
  readonly retries: number;
  /** Where it runs, if not on the general pool. */
  readonly placement?: Pick<IPodSpec, "affinity" | "tolerations"> & { readonly pool: string };
}

/** Never runs by itself; a schedule is demanded all the same. */
const NEVER = "0 0 31 2 *";

/** A job around the data of the trading namespace, made of scripts that each do one thing. */
export class BackupJob extends Workload {
  constructor(scope: Construct, site: Site, props: BackupJobProps) {
    super(scope, props.name, site, { namespace: "trading", component: "backup", aws: props.aws });
    const { database } = managedServices(site);
    this.connectTo(database, tcp(5432), "the database, and the list of backups in it", SERVICE_TLS.database);
    const { pool = "general", ...placement } = props.placement ?? {};
    declareCronJob(this, {
      metadata: this.metadata(),
      labels: this.allLabels,
      schedule: props.schedule ?? NEVER,
      // A standby region has nothing of its own to save: its database only follows.
      suspended: props.schedule === undefined || site.region.role === "standby",
      deadlineSeconds: props.deadlineSeconds,
      retries: props.retries,
      pod: {
        ...hardenedPod({
          serviceAccount: this.name,
          priorityClass: "hft-jobs",
          pool,
          terminationGraceSeconds: 30,
          initContainers: props.steps.slice(0, -1),
          containers: props.steps.slice(-1),
          volumes: [...stepVolumes(props.workGiB), ...(props.volumes ?? [])],
        }),
        ...placement,
      },
    });
  }
}
