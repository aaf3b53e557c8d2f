import { memoryQuantity } from "@hft/toolkit";
import type {
  IContainer,
  IContainerPort,
  IEnvFromSource,
  IEnvVar,
  IPodSpec,
  IProbe,
  IVolume,
  IVolumeMount,
} from "kubernetes-models/v1";
import type { Priority } from "../priority";
import { type Amounts, quantities } from "./quantity";

/** Above 10,000 on purpose: such ids belong to nobody on a node, even if a container escapes. */
export const UNPRIVILEGED_ID = 10_001;

export interface ContainerProps {
  readonly name: string;
  /** Pinned by digest. */
  readonly image: string;
  /** @default - the image's own */
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly IEnvVar[];
  readonly envFrom?: readonly IEnvFromSource[];
  readonly ports?: readonly IContainerPort[];
  readonly requests: Amounts;
  /** @default - the same as the requests */
  readonly limits?: Amounts;
  readonly mounts?: readonly IVolumeMount[];
  readonly startup?: IProbe;
  readonly liveness?: IProbe;
  readonly readiness?: IProbe;
  /**
   * Wait before the container is asked to stop, while load balancers learn that it goes.
   * @default - asked at once
   */
  readonly preStopSleepSeconds?: number;
}

/** A container that may do nothing beyond its work: no root, no capability, no writing to its image. */
export function hardenedContainer(props: ContainerProps): IContainer {
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: "Always",
    ...(props.command && { command: [...props.command] }),
    ...(props.args && { args: [...props.args] }),
    ...(props.env && { env: [...props.env] }),
    ...(props.envFrom && { envFrom: [...props.envFrom] }),
    ...(props.ports && { ports: [...props.ports] }),
    resources: { requests: quantities(props.requests), limits: quantities(props.limits ?? props.requests) },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: UNPRIVILEGED_ID,
      runAsNonRoot: true,
      runAsUser: UNPRIVILEGED_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(props.mounts && { volumeMounts: [...props.mounts] }),
    ...(props.startup && { startupProbe: props.startup }),
    ...(props.liveness && { livenessProbe: props.liveness }),
    ...(props.readiness && { readinessProbe: props.readiness }),
    ...(props.preStopSleepSeconds && { lifecycle: { preStop: { sleep: { seconds: props.preStopSleepSeconds } } } }),
  };
}

export interface PodProps {
  readonly serviceAccount: string;
  readonly priorityClass: Priority;
  readonly containers: readonly IContainer[];
  /** @default - none */
  readonly initContainers?: readonly IContainer[];
  readonly volumes?: readonly IVolume[];
  /** Pool whose nodes it runs on. */
  readonly pool: string;
  readonly terminationGraceSeconds: number;
  /** Labels that select the pods of the same workload, which are kept on different hosts and spread over zones. */
  readonly spread?: Readonly<Record<string, string>>;
}

/** Node label that names the pool; the node pools set it. */
const POOL_LABEL = "hft.platform/pool";

/** A pod that passes Pod Security "restricted" and what that leaves open. */
export function hardenedPod(props: PodProps): IPodSpec {
  return {
    serviceAccountName: props.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: props.priorityClass,
    nodeSelector: { [POOL_LABEL]: props.pool },
    securityContext: {
      fsGroup: UNPRIVILEGED_ID,
      fsGroupChangePolicy: "OnRootMismatch",
      runAsGroup: UNPRIVILEGED_ID,
      runAsNonRoot: true,
      runAsUser: UNPRIVILEGED_ID,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // Two dots: names of services are found at the first try, names of AWS do not go through every search domain.
    dnsConfig: { options: [{ name: "ndots", value: "2" }, { name: "edns0" }] },
    terminationGracePeriodSeconds: props.terminationGraceSeconds,
    ...(props.spread && spreadOf(props.spread)),
    ...(props.initContainers && { initContainers: [...props.initContainers] }),
    containers: [...props.containers],
    ...(props.volumes && { volumes: [...props.volumes] }),
  };
}

/** Different hosts by preference, so that a small pool still takes all replicas; zones evenly, so that one may fail. */
function spreadOf(labels: Readonly<Record<string, string>>): Pick<IPodSpec, "affinity" | "topologySpreadConstraints"> {
  const labelSelector = { matchLabels: { ...labels } };
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { labelSelector, topologyKey: "kubernetes.io/hostname" } },
        ],
      },
    },
    topologySpreadConstraints: [
      { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
    ],
  };
}

/** A folder that is empty at each start, with a limit: a full disk evicts this pod and no other. */
export function scratch(name: string, sizeMiB: number): IVolume {
  return { name, emptyDir: { sizeLimit: memoryQuantity(sizeMiB) } };
}

export interface HttpProbeProps {
  readonly path: string;
  readonly port: number | string;
  readonly delaySeconds?: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failures: number;
  readonly scheme?: "HTTP" | "HTTPS";
}

export function httpProbe(props: HttpProbeProps): IProbe {
  return {
    httpGet: { path: props.path, port: props.port, scheme: props.scheme ?? "HTTP" },
    ...(props.delaySeconds && { initialDelaySeconds: props.delaySeconds }),
    periodSeconds: props.periodSeconds,
    timeoutSeconds: props.timeoutSeconds,
    failureThreshold: props.failures,
  };
}
