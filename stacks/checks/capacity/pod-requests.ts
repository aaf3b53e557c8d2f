import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import type { KubernetesObject } from "../../../charts";
import { POOL_LABEL } from "../../../vocabulary";
import type { Capacity } from "./node-capacity";

/** What a workload asks of a pool. */
export interface PodRequests {
  /** Pool that it selects; pods that select none may run anywhere. */
  readonly pool?: string;
  readonly pod: Capacity;
  /** Pods when it is scaled out as far as it goes. */
  readonly maxPods: number;
}

interface Container {
  readonly resources?: { readonly requests?: Readonly<Record<string, string | number>> };
}
interface PodSpec {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly containers?: readonly Container[];
  readonly initContainers?: readonly (Container & { readonly restartPolicy?: string })[];
}

/**
 * Requests of a Deployment or StatefulSet; undefined for anything else. Jobs wait for room, daemon sets belong to the
 * node.
 */
export function requestsOf(object: KubernetesObject, objects: readonly KubernetesObject[]): PodRequests | undefined {
  if (object.kind !== "Deployment" && object.kind !== "StatefulSet") return undefined;
  const spec = object.spec as { replicas?: number; template: { spec: PodSpec } };
  const pod = spec.template.spec;
  return {
    pool: pod.nodeSelector?.[POOL_LABEL],
    pod: { cpuMillicores: ofPod(pod, "cpu", cpuMillicores), memoryMiB: ofPod(pod, "memory", memoryMiB) },
    maxPods: maxReplicas(object, objects) ?? spec.replicas ?? 1,
  };
}

/** Sidecars run beside the containers, other init containers before them. */
function ofPod(pod: PodSpec, resource: string, parse: (quantity: unknown) => number | undefined): number {
  const ask = ({ resources }: Container) => parse(resources?.requests?.[resource] ?? 0) ?? 0;
  const sum = (containers: readonly Container[]) => containers.reduce((total, each) => total + ask(each), 0);
  const init = pod.initContainers ?? [];
  const sidecars = sum(init.filter(({ restartPolicy }) => restartPolicy === "Always"));
  return Math.max(sum(pod.containers ?? []) + sidecars, ...init.map(ask));
}

function maxReplicas({ kind, metadata }: KubernetesObject, objects: readonly KubernetesObject[]): number | undefined {
  const autoscaler = objects.find((candidate) => {
    if (candidate.kind !== "HorizontalPodAutoscaler" || candidate.metadata.namespace !== metadata.namespace)
      return false;
    const { scaleTargetRef } = candidate.spec as { scaleTargetRef: { kind: string; name: string } };
    return scaleTargetRef.kind === kind && scaleTargetRef.name === metadata.name;
  });
  return (autoscaler?.spec as { maxReplicas?: number } | undefined)?.maxReplicas;
}
