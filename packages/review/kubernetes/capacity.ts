import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import type { Json, JsonObject } from "../tree";
import { at, podTemplateOf } from "./pod-template";

/** What a workload asks of its nodes. */
export interface Capacity {
  readonly pods: number;
  readonly cpus: number;
  readonly memoryMiB: number;
}

const NOTHING: Capacity = { pods: 0, cpus: 0, memoryMiB: 0 };

/** Requests of all replicas. A DaemonSet counts once: the number of nodes is not in a manifest. */
export function capacityOf(body: JsonObject): Capacity {
  const kind = String(body.kind);
  if (!["Deployment", "StatefulSet", "DaemonSet", "Pod"].includes(kind)) return NOTHING;
  const replicas = kind === "Deployment" || kind === "StatefulSet" ? Number(at(body, "spec", "replicas") ?? 1) : 1;
  const containers = at(podTemplateOf(body), "spec", "containers");
  const requests = (Array.isArray(containers) ? containers : []).map((container) => {
    const own = at(container, "resources", "requests");
    const limits = at(container, "resources", "limits");
    // A limit without a request is also the request.
    return { cpu: at(own, "cpu") ?? at(limits, "cpu"), memory: at(own, "memory") ?? at(limits, "memory") };
  });
  return {
    pods: replicas,
    cpus: replicas * sum(requests.map(({ cpu }) => cpusIn(cpu))),
    memoryMiB: replicas * sum(requests.map(({ memory }) => memoryMiBIn(memory))),
  };
}

export function subtractCapacity(left: Capacity, right: Capacity): Capacity {
  return {
    pods: left.pods - right.pods,
    cpus: left.cpus - right.cpus,
    memoryMiB: left.memoryMiB - right.memoryMiB,
  };
}

export function addCapacity(left: Capacity, right: Capacity): Capacity {
  return { pods: left.pods + right.pods, cpus: left.cpus + right.cpus, memoryMiB: left.memoryMiB + right.memoryMiB };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** `500m` is half a CPU; what asks for none, or for no amount, counts nothing. */
function cpusIn(quantity: Json | undefined): number {
  return (cpuMillicores(quantity) ?? 0) / 1000;
}

function memoryMiBIn(quantity: Json | undefined): number {
  return memoryMiB(quantity) ?? 0;
}
