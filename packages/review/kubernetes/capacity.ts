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

/** `500m` is half a CPU. */
export function cpusIn(quantity: Json | undefined): number {
  const found = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(quantity ?? "0"));
  return found ? Number(found[1]) / (found[2] ? 1000 : 1) : 0;
}

const MEMORY_UNIT_BYTES: Readonly<Record<string, number>> = {
  "": 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40,
}; // biome-ignore format: one table

export function memoryMiBIn(quantity: Json | undefined): number {
  const found = /^(\d+(?:\.\d+)?)([kMGT]i?|Ki)?$/.exec(String(quantity ?? "0"));
  return found ? (Number(found[1]) * (MEMORY_UNIT_BYTES[found[2] ?? ""] ?? 1)) / 2 ** 20 : 0;
}
