import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LaneNode, type LaneWorkload, laneEngines, readLaneNodes } from "../../constructs/low-latency";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";

/** A lane as it would be deployed: the node out of the stack's `cdk.tf.json`, the engine out of the manifests. */
export interface LaneUnderTest {
  readonly path: string;
  readonly node: LaneNode;
  readonly engine: LaneWorkload;
  /** What its pod starts, where the manifest says so; the image's own program otherwise. */
  readonly command?: readonly string[];
  /** The engine's configuration file. */
  readonly engineConfiguration: EngineConfigurationFile;
}

export interface EngineConfigurationFile {
  readonly threads: { readonly matching: number; readonly journal: number; readonly gateway: number };
  readonly memory: { readonly heapMiB: number; readonly hugepages2Mi: number };
  readonly http: { readonly jwt: { readonly secretFile: string } };
  readonly tls: { readonly certificateFile: string; readonly keyFile: string; readonly authoritiesDirectory: string };
  readonly database: object;
  readonly cache: object;
  readonly kafka: object;
}

/** The lane of the smallest environment: its nodes have four CPUs, which this machine can emulate. */
export function laneUnderTest(): LaneUnderTest {
  const directory = mkdtempSync(join(tmpdir(), "hft-boot-"));
  try {
    const [synthesized] = synthesize({ development: environmentInputs.development }, join(directory, "cdktf.out"));
    const { environment, stacks, manifests } = synthesized!;
    const region = environment.activeRegion;
    const cluster = stacks.find(({ name }) => name === `${environment.name}-${region}-cluster`)!;
    const objects = manifests.get(region)!;
    const [node] = readLaneNodes(cluster.json);
    const [engine] = laneEngines(objects);
    const files = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "engine")!.data;
    const engineConfiguration = JSON.parse((files as Record<string, string>)["engine.json"]!);
    const [{ command }] = engine!.spec.containers as [{ command?: string[] }];
    return { path: `${environment.name}/${region}`, node: node!, engine: engine!, command, engineConfiguration };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
