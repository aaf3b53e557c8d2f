import { Testing } from "cdktf";
import {
  type CpuPartition,
  GLIBC_TUNABLES,
  HUGEPAGE_CONSUMERS_ANNOTATION,
  HUGEPAGE_VOLUME,
  LANE_LABELS,
  LANE_TOLERATION,
  Lane,
  type LaneProps,
  Names,
} from "../../../vocabulary";
import { LowLatencyPool } from "../low-latency-pool";
import type { LaneLayers } from "./check-lane";
import type { Block } from "./lane-node";

/**
 * Test data: the smallest lane that uses a partition's CPUs to the last, or undefined where it has no room for an
 * engine. With Bottlerocket where the type can have it.
 */
export function laneFilling({ instance, isolated }: CpuPartition): LaneProps | undefined {
  const props: LaneProps = {
    instanceType: instance.name,
    isolatedCpus: `${isolated}`,
    hugepages2Mi: 128,
    engine: { cpus: isolated.count - 1, memoryMiB: 1024 },
    operatingSystem: instance.metal ? "al2023" : "bottlerocket",
  };
  return Lane.problems(props).length === 0 ? props : undefined;
}

/** Test data: every layer of a lane, made by the pool's construct and by the values that charts use. */
export function layersOf(props: LaneProps): LaneLayers {
  return layersOfAll([props])[0]!;
}

/** The same for many lanes, synthesized in one go. */
export function layersOfAll(lanes: readonly LaneProps[]): LaneLayers[] {
  const synthesized = Testing.synthScope((scope) => {
    for (const [index, props] of lanes.entries()) {
      new LowLatencyPool(scope, `lane-${index}`, {
        lane: Lane.of("test/low-latency", props),
        names: new Names("production", "eu-west-1"),
        clusterName: "hft",
        version: "1.35",
        nodeRole: { arn: "arn:aws:iam::333333333333:role/node", rights: [] },
        subnetId: "subnet-a",
        availabilityZone: "eu-west-1a",
        nodes: 2,
        capacityReservation: true,
        keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
      });
    }
  });
  const clusters = resourcesByLane(JSON.parse(synthesized).resource);
  return lanes.map((props, index) => {
    const lane = Lane.of("test/low-latency", props);
    const resource = clusters.get(`lane-${index}`)!;
    return { path: "test/low-latency", cluster: { resource }, objects: [engine(lane), configuration(lane)] };
  });
}

type Resources = Record<string, Record<string, Block>>;

/** Resources of each lane, known by their ids: `lane-7_template_3F5A0C12`. */
function resourcesByLane(all: Resources): Map<string, Resources> {
  const lanes = new Map<string, Resources>();
  for (const [type, resources] of Object.entries(all)) {
    for (const [id, body] of Object.entries(resources)) {
      const lane = id.split("_")[0]!;
      const own = lanes.get(lane) ?? {};
      own[type] = { ...own[type], [id]: body };
      lanes.set(lane, own);
    }
  }
  return lanes;
}

function engine(lane: Lane) {
  const resources = { requests: lane.engineResources, limits: lane.engineResources };
  const env = [{ name: "GLIBC_TUNABLES", value: GLIBC_TUNABLES }];
  return {
    kind: "StatefulSet",
    metadata: { name: "engine", namespace: "trading" },
    spec: {
      replicas: 2,
      template: {
        metadata: { annotations: { [HUGEPAGE_CONSUMERS_ANNOTATION]: `${lane.hugepages}` } },
        spec: {
          nodeSelector: LANE_LABELS,
          tolerations: [LANE_TOLERATION],
          containers: [{ name: "engine", resources, env, volumeMounts: [HUGEPAGE_VOLUME.mount] }],
          volumes: [{ name: "configuration", configMap: { name: "engine" } }, HUGEPAGE_VOLUME.volume],
        },
      },
    },
  };
}

function configuration(lane: Lane) {
  const memory = { hugepages: "reserved", hugepages2Mi: lane.hugepages.pages };
  const content = JSON.stringify({ threads: lane.threadCores, memory });
  return { kind: "ConfigMap", metadata: { name: "engine", namespace: "trading" }, data: { "engine.json": content } };
}

/** The same layers with the launch template's user data changed, as an escape hatch would. */
export function withUserData(layers: LaneLayers, change: (text: string) => string): LaneLayers {
  const cluster = structuredClone(layers.cluster) as {
    resource: Record<string, Record<string, { user_data: string }>>;
  };
  for (const template of Object.values(cluster.resource.aws_launch_template!)) {
    const text = Buffer.from(template.user_data, "base64").toString();
    template.user_data = Buffer.from(change(text)).toString("base64");
  }
  return { ...layers, cluster };
}
