import type { Problem } from "../problem";
import { type Rule, when } from "./rule";

/** EKS versions in standard support in November 2026 (1.34 leaves it on 2026-12-02). */
const KUBERNETES_VERSIONS = ["1.34", "1.35", "1.36"];

export const kubernetesIsSupported: Rule = ({ kubernetes }) =>
  when(!KUBERNETES_VERSIONS.includes(kubernetes.version), () => ({
    code: "HFT-EKS-001",
    field: "kubernetes.version",
    fault: `${kubernetes.version} is not in standard support`,
    remedy: `choose one of ${KUBERNETES_VERSIONS.join(", ")}`,
  }));

export const minimaAreBelowMaxima: Rule = (environment) => {
  const { nodePools, gateway, frontend, database } = environment;
  const pairs = [
    { field: "nodePools.system.maxNodes", min: nodePools.system.minNodes, max: nodePools.system.maxNodes },
    { field: "nodePools.general.maxNodes", min: nodePools.general.minNodes, max: nodePools.general.maxNodes },
    { field: "gateway.max", min: gateway.min, max: gateway.max },
    ...(frontend ? [{ field: "frontend.max", min: frontend.min, max: frontend.max }] : []),
    { field: "database.maxStorageGiB", min: database.storageGiB, max: database.maxStorageGiB },
  ];
  return pairs.flatMap(({ field, min, max }) =>
    when(max < min, () => ({
      code: "HFT-SIZ-001",
      field,
      fault: `${max} is less than the minimum, ${min}`,
      remedy: `write ${min} or more`,
    })),
  );
};

export const frontendIsWholeOrAbsent: Rule = ({ frontend, frontendPod, images }) => [
  ...when(frontend !== undefined && images.frontend === undefined, () => ({
    code: "HFT-FRO-001",
    field: "images.frontend",
    fault: "the frontend has replicas but no image",
    remedy:
      'write "repository@sha256:<64 hex digits>", or remove frontend: the gateway then shows the engine\'s screen',
  })),
  ...when(frontend !== undefined && frontendPod === undefined, () => ({
    code: "HFT-FRO-002",
    field: "frontendPod",
    fault: "the resource requests of the frontend's pods are missing",
    remedy: "write { requests, limits }, each with cpuMillicores, memoryMiB and ephemeralMiB",
  })),
  ...when(frontend === undefined && images.frontend !== undefined, () => ({
    code: "HFT-FRO-001",
    field: "frontend",
    fault: "the frontend has an image but no number of replicas",
    remedy: "write { min, max }, or remove images.frontend",
  })),
];

export const brokersCarryTheReplicas: Rule = ({ streaming, regions, architecture }) => {
  const zones = architecture === "single-az" ? 2 : Math.max(3, regions[0]?.zones.length ?? 0);
  const { brokers, replicationFactor, minInSyncReplicas } = streaming;
  return [
    ...when(brokers % zones !== 0, () => ({
      code: "HFT-STR-001",
      field: "streaming.brokers",
      fault: `${brokers} brokers cannot be spread evenly over ${zones} zones`,
      remedy: `write a multiple of ${zones}`,
    })),
    ...when(replicationFactor > brokers, () => ({
      code: "HFT-STR-002",
      field: "streaming.replicationFactor",
      fault: `${replicationFactor} replicas on ${brokers} brokers`,
      remedy: `write at most ${brokers}`,
    })),
    ...when(minInSyncReplicas >= replicationFactor && replicationFactor > 1, () => ({
      code: "HFT-STR-003",
      field: "streaming.minInSyncReplicas",
      fault: `${minInSyncReplicas} of ${replicationFactor} replicas must be in sync, so one broker's restart stops writes`,
      remedy: `write ${replicationFactor - 1} or less`,
    })),
  ];
};

export const namesAreUsedOnce: Rule = ({ engine, streaming }) => [
  ...twice(engine.symbols).map(
    (name): Problem => ({
      code: "HFT-ENG-001",
      field: "engine.symbols",
      fault: `${name} is listed twice`,
      remedy: "list each symbol once",
    }),
  ),
  ...twice(streaming.topics).map(
    (name): Problem => ({
      code: "HFT-STR-004",
      field: "streaming.topics",
      fault: `${name} is listed twice`,
      remedy: "list each topic once",
    }),
  ),
];

export const hostnameIsInItsZone: Rule = ({ edge }) =>
  when(!edge.hostname.endsWith(`.${edge.zone}`), () => ({
    code: "HFT-EDG-001",
    field: "edge.hostname",
    fault: `${edge.hostname} is not inside the zone ${edge.zone}`,
    remedy: `write a name that ends in ".${edge.zone}"`,
  }));

function twice(items: readonly { readonly name: string }[]): string[] {
  const names = items.map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))];
}
