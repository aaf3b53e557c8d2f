import { cpuMillicores, memoryMiB } from "@hft/toolkit";
import { HUGEPAGE_MIB } from "../../../vocabulary";
import { type LaneFinding, unless } from "./finding";
import { type Block, block, blocks, stringOf } from "./lane-node";
import { HUGEPAGES_RESOURCE, type LaneWorkload } from "./lane-pods";

/** The engine's own configuration file, in the ConfigMap that its pod mounts, fits the pod that it runs in. */
export function engineConfigurationFindings(workload: LaneWorkload, objects: readonly Block[]): LaneFinding[] {
  const engine = workload.containers.find(({ requests }) => HUGEPAGES_RESOURCE in requests);
  if (!engine) return [];
  const cpus = (cpuMillicores(engine.requests.cpu ?? "0") ?? 0) / 1000;
  const pages = (memoryMiB(engine.requests[HUGEPAGES_RESOURCE]) ?? 0) / HUGEPAGE_MIB;
  return engineConfigurations(workload, objects).flatMap(({ file, threads, memory }) => [
    ...Object.entries(threads).flatMap(([thread, cpu]) =>
      unless(
        typeof cpu !== "number" || (Number.isInteger(cpu) && cpu >= 0 && cpu < cpus),
        "engine configuration",
        `${file} threads.${thread} is ${cpu}, the pod has CPUs 0 to ${cpus - 1} of its own`,
        `write 0 to ${cpus - 1}`,
      ),
    ),
    ...unless(
      threads.matching !== undefined && threads.journal !== threads.matching && threads.gateway !== threads.matching,
      "engine configuration",
      `${file} threads.matching ${threads.matching ?? "is missing"} is not alone on its CPU (journal ${threads.journal}, gateway ${threads.gateway})`,
      "give the matching thread a CPU of its own",
    ),
    ...unless(
      memory.hugepages2Mi === pages,
      "engine configuration",
      `${file} memory.hugepages2Mi is ${memory.hugepages2Mi}, the pod requests ${pages}`,
      `write ${pages}`,
    ),
    ...unless(
      memory.hugepages === "reserved",
      "engine configuration",
      `${file} memory.hugepages is "${memory.hugepages}", so the reserved pages stay unused`,
      'write "reserved"',
    ),
  ]);
}

/** Files of mounted ConfigMaps that are an engine's configuration. */
function engineConfigurations({ spec, namespace }: LaneWorkload, objects: readonly Block[]) {
  const mounted = blocks(spec.volumes).map(({ configMap }) => block(configMap)?.name);
  return objects
    .filter(({ kind, metadata }) => kind === "ConfigMap" && block(metadata)?.namespace === namespace)
    .filter(({ metadata }) => mounted.includes(block(metadata)?.name))
    .flatMap(({ data }) => Object.entries(block(data) ?? {}))
    .flatMap(([file, text]) => {
      const content = parseJson(stringOf(text) ?? "");
      const [threads, memory] = [block(content?.threads), block(content?.memory)];
      return threads && memory ? [{ file, threads, memory }] : [];
    });
}

function parseJson(text: string): Block | undefined {
  try {
    return block(JSON.parse(text));
  } catch {
    return undefined;
  }
}
