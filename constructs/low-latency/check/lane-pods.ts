import { LANE_TAINT, LOW_LATENCY_POOL, POOL_LABEL } from "../partition";
import { type Block, block, blocks, stringOf } from "./lane-node";
import { cpuMillicores, memoryMiB } from "./quantity";

/** A workload whose pods run on a lane's nodes. */
export interface LaneWorkload {
  /** `StatefulSet/trading/engine` */
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly annotations: Block;
  readonly spec: Block;
  readonly containers: readonly LaneContainer[];
}

export interface LaneContainer {
  readonly name: string;
  readonly requests: Block;
  readonly limits: Block;
  readonly env: readonly Block[];
}

export const HUGEPAGES_RESOURCE = "hugepages-2Mi";

/** Workloads that choose a lane's nodes, or take huge pages, which only those have. */
export function laneWorkloads(objects: readonly Block[]): LaneWorkload[] {
  return workloads(objects).filter(({ kind, spec, containers }) => {
    const takesPages = containers.some(({ requests, limits }) => HUGEPAGES_RESOURCE in { ...requests, ...limits });
    return takesPages || selectsLane(spec) || (kind !== "DaemonSet" && toleratesLane(spec, false));
  });
}

/** Daemon sets that run on every node, the lane's too. */
export function laneDaemons(objects: readonly Block[]): LaneWorkload[] {
  return workloads(objects).filter(
    ({ kind, spec }) =>
      kind === "DaemonSet" &&
      toleratesLane(spec, true) &&
      (selectsLane(spec) || !block(spec.nodeSelector)?.[POOL_LABEL]),
  );
}

/** Sum over containers; init containers run before them and do not add up. */
export function sumOfRequests({ containers }: LaneWorkload): { cpuMillicores: number; memoryMiB: number } {
  return {
    cpuMillicores: containers.reduce((sum, { requests }) => sum + (cpuMillicores(requests.cpu ?? "0") ?? 0), 0),
    memoryMiB: containers.reduce((sum, { requests }) => sum + (memoryMiB(requests.memory ?? "0") ?? 0), 0),
  };
}

/** Whether a pod may be placed on nodes with the lane's taint. */
export function toleratesLane(spec: Block, orEverything: boolean): boolean {
  return blocks(spec.tolerations).some(({ key, operator, value, effect }) => {
    if (key === undefined) return orEverything && operator === "Exists";
    const sameValue = operator === "Exists" || value === LANE_TAINT.value;
    return key === LANE_TAINT.key && sameValue && (effect === undefined || effect === LANE_TAINT.effect);
  });
}

/** Whether a pod goes to the lane's nodes and nowhere else. */
export function selectsLane(spec: Block): boolean {
  if (block(spec.nodeSelector)?.[POOL_LABEL] === LOW_LATENCY_POOL) return true;
  const required = block(block(block(spec.affinity)?.nodeAffinity)?.requiredDuringSchedulingIgnoredDuringExecution);
  const terms = blocks(required?.nodeSelectorTerms);
  return (
    terms.length > 0 &&
    terms.every(({ matchExpressions }) =>
      blocks(matchExpressions).some(
        ({ key, operator, values }) =>
          key === POOL_LABEL && operator === "In" && [values].flat().every((value) => value === LOW_LATENCY_POOL),
      ),
    )
  );
}

function workloads(objects: readonly Block[]): LaneWorkload[] {
  return objects.flatMap((object) => {
    const template = podTemplate(object);
    const spec = block(template?.spec);
    if (!template || !spec) return [];
    const kind = String(object.kind);
    const { name, namespace } = block(object.metadata) ?? {};
    return {
      name: [kind, namespace, name].filter(Boolean).join("/"),
      kind,
      namespace: stringOf(namespace) ?? "default",
      replicas: Number(block(object.spec)?.replicas ?? 1),
      annotations: block(block(template.metadata)?.annotations) ?? {},
      spec,
      containers: [...blocks(spec.initContainers), ...blocks(spec.containers)].map(readContainer),
    };
  });
}

function podTemplate(object: Block): Block | undefined {
  if (object.kind === "Pod") return object;
  const spec = block(object.spec);
  return block(spec?.template) ?? block(block(block(spec?.jobTemplate)?.spec)?.template);
}

function readContainer(container: Block): LaneContainer {
  const resources = block(container.resources);
  return {
    name: String(container.name),
    requests: block(resources?.requests) ?? {},
    limits: block(resources?.limits) ?? {},
    env: blocks(container.env),
  };
}
