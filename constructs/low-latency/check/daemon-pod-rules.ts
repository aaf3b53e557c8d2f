import { cpuMillicores } from "@hft/toolkit";
import { DAEMON_CPUS, DAEMON_MEMORY_MIB } from "../../../vocabulary";
import { type LaneFinding, unless } from "./finding";
import type { Block } from "./lane-node";
import { type LaneWorkload, laneDaemonPods, podRequests } from "./lane-pods";

/**
 * Pods beside the engine run on the system's CPUs, but the kubelet accounts them against the isolated ones: they may
 * take only what engines leave, and must not be so made that the kubelet gives them CPUs of their own.
 */
export function daemonPodFindings(objects: readonly Block[]): LaneFinding[] {
  const daemonPods = laneDaemonPods(objects);
  const requests = daemonPods.map(podRequests);
  const cpu = requests.reduce((sum, each) => sum + each.cpuMillicores, 0);
  const memory = requests.reduce((sum, each) => sum + each.memoryMiB, 0);
  const names = daemonPods.map(({ name }) => name).join(", ");
  return [
    ...unless(
      cpu <= DAEMON_CPUS * 1000,
      "other pods",
      `${names} request ${cpu}m CPU, a lane leaves them ${DAEMON_CPUS * 1000}m`,
      "request less or raise DAEMON_CPUS",
    ),
    ...unless(
      memory <= DAEMON_MEMORY_MIB,
      "other pods",
      `${names} request ${memory} MiB, a lane leaves them ${DAEMON_MEMORY_MIB} MiB`,
      "request less or raise DAEMON_MEMORY_MIB",
    ),
    ...daemonPods.flatMap(({ name, ...pod }) =>
      unless(
        !getsOwnCpus(pod),
        "other pods",
        `${name} is Guaranteed in whole CPUs, so the kubelet gives it isolated ones`,
        "request part of a CPU",
      ),
    ),
  ];
}

function getsOwnCpus({ containers, initContainers }: Pick<LaneWorkload, "containers" | "initContainers">): boolean {
  const guaranteed = [...containers, ...initContainers].every(({ requests, limits }) =>
    ["cpu", "memory"].every((resource) => requests[resource] !== undefined && requests[resource] === limits[resource]),
  );
  return guaranteed && containers.some(({ requests }) => cpuMillicores(requests.cpu)! % 1000 === 0);
}
