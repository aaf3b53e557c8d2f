import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import { LANE_TAINT, LOW_LATENCY_POOL, POOL_LABEL } from "../../../vocabulary";
import { type Block, block, blocks, stringOf } from "./lane-node";

/** A workload whose pods may run on a lane's nodes. */
export interface LaneWorkload {
  /** `StatefulSet/trading/engine` */
  readonly name: string;
  readonly kind: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly annotations: Block;
  readonly spec: Block;
  readonly containers: readonly LaneContainer[];
  /** They run before the containers, one after the other. */
  readonly initContainers: readonly LaneContainer[];
}

interface LaneContainer {
  readonly name: string;
  readonly requests: Block;
  readonly limits: Block;
  readonly env: readonly Block[];
}

export const HUGEPAGES_RESOURCE = "hugepages-2Mi";

/** Workloads that take huge pages, which only a lane's nodes have: those that the lane is there for. */
export function laneEngines(objects: readonly Block[]): LaneWorkload[] {
  return workloads(objects).filter(takesHugepages);
}

/** Everything else that comes to a lane's nodes: daemon sets, and pods beside the engine such as its backup. */
export function laneDaemonPods(objects: readonly Block[]): LaneWorkload[] {
  return workloads(objects).filter((workload) => {
    const { kind, spec } = workload;
    if (takesHugepages(workload)) return false;
    if (kind !== "DaemonSet") return selectsLane(spec) && toleratesLane(spec);
    return toleratesLane(spec) && (selectsLane(spec) || !block(spec.nodeSelector)?.[POOL_LABEL]);
  });
}

function takesHugepages({ containers }: LaneWorkload): boolean {
  return containers.some(({ requests, limits }) => HUGEPAGES_RESOURCE in { ...requests, ...limits });
}

/** What the scheduler counts for a pod. */
export function podRequests({ containers, initContainers }: LaneWorkload): {
  cpuMillicores: number;
  memoryMiB: number;
} {
  const cpu = ({ requests }: LaneContainer) => cpuMillicores(requests.cpu ?? "0") ?? 0;
  const memory = ({ requests }: LaneContainer) => memoryMiB(requests.memory ?? "0") ?? 0;
  const counted = (of: (container: LaneContainer) => number) =>
    Math.max(
      containers.reduce((sum, container) => sum + of(container), 0),
      ...initContainers.map(of),
    );
  return { cpuMillicores: counted(cpu), memoryMiB: counted(memory) };
}

/** Whether a pod may be placed on nodes with the lane's taint. */
export function toleratesLane(spec: Block): boolean {
  return blocks(spec.tolerations).some(({ key, operator, value, effect }) => {
    if (key === undefined) return operator === "Exists";
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
      containers: blocks(spec.containers).map(readContainer),
      initContainers: blocks(spec.initContainers).map(readContainer),
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
