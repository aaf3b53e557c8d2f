import { cpuMillicores, cpuQuantity, memoryMiB, memoryQuantity } from "@hft/toolkit";
import type { IContainer, ILimitRange, IPodSpec, IResourceQuota } from "kubernetes-models/v1";
import type { Environment } from "../environments";
import type { KubernetesObject } from "./kubernetes/manifest";

/** What a container gets that asks for nothing: little, so that it is noticed in time. */
const DEFAULTS = { cpu: "200m", memory: "128Mi", "ephemeral-storage": "128Mi" };
const DEFAULT_REQUESTS = { cpu: "20m", memory: "32Mi", "ephemeral-storage": "16Mi" };
/** A blue-green release runs a workload twice. */
const RELEASE_FACTOR = 2;
/** A job may run by its schedule and by hand at once. */
const JOB_RUNS = 2;

interface Demand {
  pods: number;
  cpuMillicores: number;
  memoryMiB: number;
  memoryLimitMiB: number;
  hugepagesMiB: number;
}

/**
 * As much as a namespace's workloads may need at most, releases included, and no more: a mistake there cannot starve
 * the rest of the cluster.
 * @param objects everything that runs in the namespaces
 */
export function quotasFor(environment: Environment, objects: readonly KubernetesObject[]): KubernetesObject[] {
  const namespaces = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
  return namespaces.flatMap((namespace) => {
    const demand = demandOf(namespace, environment, objects);
    const quota = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "most", namespace },
      spec: {
        hard: {
          pods: String(demand.pods),
          "requests.cpu": cpuQuantity(demand.cpuMillicores),
          "requests.memory": memoryQuantity(demand.memoryMiB),
          "limits.memory": memoryQuantity(demand.memoryLimitMiB),
          ...(demand.hugepagesMiB > 0 && { "requests.hugepages-2Mi": memoryQuantity(demand.hugepagesMiB) }),
        },
      },
    } as const satisfies IResourceQuota;
    const defaults = {
      apiVersion: "v1",
      kind: "LimitRange",
      metadata: { name: "defaults", namespace },
      spec: { limits: [{ type: "Container", default: { ...DEFAULTS }, defaultRequest: { ...DEFAULT_REQUESTS } }] },
    } as const satisfies ILimitRange;
    return [quota, defaults];
  });
}

function demandOf(namespace: string, environment: Environment, objects: readonly KubernetesObject[]): Demand {
  const total: Demand = { pods: 0, cpuMillicores: 0, memoryMiB: 0, memoryLimitMiB: 0, hugepagesMiB: 0 };
  for (const object of objects.filter(({ metadata }) => metadata.namespace === namespace)) {
    const pod = podSpecOf(object);
    if (!pod) continue;
    const count = podsAtMost(object, environment, objects);
    total.pods += count;
    for (const container of pod.containers) {
      total.cpuMillicores += count * amount(cpuMillicores, container, "requests", "cpu");
      total.memoryMiB += count * amount(memoryMiB, container, "requests", "memory");
      total.memoryLimitMiB += count * amount(memoryMiB, container, "limits", "memory");
      total.hugepagesMiB += count * amount(memoryMiB, container, "requests", "hugepages-2Mi");
    }
  }
  return total;
}

/** @throws when the amount is none: a quota that is too small keeps pods away */
function amount(
  read: (quantity: unknown) => number | undefined,
  container: IContainer,
  side: "requests" | "limits",
  resource: string,
): number {
  const quantity = container.resources?.[side]?.[resource] ?? "0";
  const value = read(quantity);
  if (value === undefined)
    throw new Error(`${container.name}: "${quantity}" is no amount of ${resource}; write it as 500m or 2Gi`);
  return value;
}

function podSpecOf({ kind, spec }: KubernetesObject): IPodSpec | undefined {
  const { template, jobTemplate } = (spec ?? {}) as {
    template?: { spec?: IPodSpec };
    jobTemplate?: { spec: { template: { spec: IPodSpec } } };
  };
  return kind === "CronJob" ? jobTemplate?.spec.template.spec : template?.spec?.containers && template.spec;
}

function podsAtMost(object: KubernetesObject, environment: Environment, objects: readonly KubernetesObject[]): number {
  const { replicas = 1 } = object.spec as { replicas?: number };
  switch (object.kind) {
    case "StatefulSet":
      return replicas;
    case "DaemonSet": {
      const { system, general, lowLatency } = environment.nodePools;
      return system.maxNodes + general.maxNodes + lowLatency.nodes;
    }
    case "Deployment": {
      const autoscaler = objects.find(
        ({ kind, metadata }) =>
          kind === "HorizontalPodAutoscaler" &&
          metadata.name === object.metadata.name &&
          metadata.namespace === object.metadata.namespace,
      );
      const { maxReplicas = replicas } = (autoscaler?.spec ?? {}) as { maxReplicas?: number };
      return RELEASE_FACTOR * maxReplicas;
    }
    default:
      return JOB_RUNS;
  }
}
