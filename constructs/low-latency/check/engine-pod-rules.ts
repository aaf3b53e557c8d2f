import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import {
  DAEMON_CPUS,
  DAEMON_MEMORY_MIB,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_MIB,
  HUGEPAGE_VOLUME,
  LANE_TAINT,
  parseConsumers,
  sumOfPages,
  usableMemoryMiB,
} from "../../../vocabulary";
import { type LaneFinding, unless } from "./finding";
import type { KernelView } from "./kernel-rules";
import { block, blocks, type LaneNode, stringOf } from "./lane-node";
import { HUGEPAGES_RESOURCE, type LaneWorkload, selectsLane, toleratesLane } from "./lane-pods";

/** A pod of the lane gets CPUs and huge pages of its own, exactly those that its node has. */
export function enginePodFindings(workload: LaneWorkload, node: LaneNode, kernel: KernelView): LaneFinding[] {
  return [
    ...placementFindings(workload, node),
    ...guaranteedFindings(workload),
    ...cpuFindings(workload, kernel),
    ...memoryFindings(workload, node),
    ...hugepageFindings(workload, kernel),
  ].map((finding) => ({ ...finding, fault: `${workload.name} ${finding.fault}` }));
}

function placementFindings({ spec, replicas }: LaneWorkload, { group }: LaneNode): LaneFinding[] {
  const nodes = Number(block(group.scaling_config)?.max_size);
  return [
    ...unless(selectsLane(spec), "engine pod", "does not select the lane's nodes", "give it the lane's node selector"),
    ...unless(
      toleratesLane(spec),
      "engine pod",
      `does not tolerate ${LANE_TAINT.key}=${LANE_TAINT.value}:${LANE_TAINT.effect} and stays pending`,
      "give it LANE_TOLERATION",
    ),
    ...unless(
      replicas <= nodes,
      "engine pod",
      `has ${replicas} replicas on ${nodes} nodes with room for one engine each`,
      `run ${nodes} or add nodes`,
    ),
  ];
}

/** QoS Guaranteed in whole CPUs: only then does the static CPU manager hand out CPUs. */
function guaranteedFindings({ containers, initContainers }: LaneWorkload): LaneFinding[] {
  return [...initContainers, ...containers].flatMap(({ name, requests, limits }) => [
    ...["cpu", "memory", HUGEPAGES_RESOURCE].flatMap((resource) =>
      unless(
        requests[resource] === limits[resource] &&
          (resource === HUGEPAGES_RESOURCE || requests[resource] !== undefined),
        "engine pod",
        `container ${name} requests ${resource} ${requests[resource] ?? "nothing"} and is limited to ${limits[resource] ?? "nothing"}`,
        "write the same for both: only a Guaranteed pod gets CPUs of its own",
      ),
    ),
    ...unless(
      requests.cpu === undefined || cpuMillicores(requests.cpu)! % 1000 === 0,
      "engine pod",
      `container ${name} requests cpu ${requests.cpu}`,
      "ask for whole CPUs: parts of one are shared",
    ),
  ]);
}

function cpuFindings({ containers }: LaneWorkload, { isolated }: KernelView): LaneFinding[] {
  if (!isolated) return [];
  const cpus = containers.reduce((sum, { requests }) => sum + (cpuMillicores(requests.cpu ?? "0") ?? 0), 0) / 1000;
  return unless(
    cpus + DAEMON_CPUS <= isolated.count,
    "engine pod",
    `requests ${cpus} CPUs, ${isolated.count} are isolated and daemon sets need ${DAEMON_CPUS}`,
    `ask for ${isolated.count - DAEMON_CPUS} at most`,
  );
}

function memoryFindings({ containers }: LaneWorkload, { instance, configuration }: LaneNode): LaneFinding[] {
  if (!instance) return [];
  const asked = containers.reduce(
    (sum, { requests }) =>
      sum + (memoryMiB(requests.memory ?? "0") ?? 0) + (memoryMiB(requests[HUGEPAGES_RESOURCE] ?? "0") ?? 0),
    0,
  );
  const reserved = memoryMiB(configuration?.kubelet.reservedMemory?.[0]?.limits.memory ?? "0") ?? 0;
  const free = usableMemoryMiB(instance.memoryMiB) - reserved - DAEMON_MEMORY_MIB;
  return unless(
    asked <= free,
    "engine pod",
    `asks for ${asked} MiB with its huge pages, ${instance.name} has ${free} MiB left for it`,
    `ask for ${free} MiB at most`,
  );
}

/** Every page of the node has a consumer that is named, and the pod can reach them. */
function hugepageFindings({ containers, annotations, spec }: LaneWorkload, { hugepages }: KernelView): LaneFinding[] {
  const askedMiB = containers.reduce(
    (sum, { requests }) => sum + (memoryMiB(requests[HUGEPAGES_RESOURCE] ?? "0") ?? 0),
    0,
  );
  const pages = askedMiB / HUGEPAGE_MIB;
  const written = stringOf(annotations[HUGEPAGE_CONSUMERS_ANNOTATION]);
  const consumers = parseConsumers(written ?? "") ?? [];
  const medium = HUGEPAGE_VOLUME.volume.emptyDir.medium;
  return [
    ...unless(
      pages === hugepages,
      "engine pod",
      `requests ${pages} huge pages, the node reserves ${hugepages}`,
      `ask for ${hugepages * HUGEPAGE_MIB}Mi of ${HUGEPAGES_RESOURCE}: a page without a consumer is lost memory`,
    ),
    ...unless(
      sumOfPages(consumers) === pages,
      "engine pod",
      `names consumers of ${sumOfPages(consumers)} huge pages (${written ?? "none"}) and requests ${pages}`,
      `name a consumer for every page in ${HUGEPAGE_CONSUMERS_ANNOTATION}`,
    ),
    ...unless(
      blocks(spec.volumes).some(({ emptyDir }) => block(emptyDir)?.medium === medium),
      "engine pod",
      `has no volume of medium ${medium}`,
      "mount HUGEPAGE_VOLUME",
    ),
    ...unless(
      containers.some(({ env }) =>
        env.some(({ name, value }) => name === "GLIBC_TUNABLES" && /hugetlb=2/.test(String(value))),
      ),
      "engine pod",
      "sets no GLIBC_TUNABLES with glibc.malloc.hugetlb=2, so its buffers stay on small pages",
      "give it GLIBC_TUNABLES",
    ),
  ];
}
