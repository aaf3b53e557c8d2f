import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "../../charts";
import { type LaneWorkload, laneEngines, readLaneNodes } from "../../constructs";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";
import { stackId } from "../../vocabulary";
import { type LanePicture, lanePicture } from "./lane-picture";

/** An environment that cannot be explained: the message names it and what to write instead. */
export class NothingToExplain extends Error {}

/**
 * The lanes of an environment, one a region, out of the files that would be deployed.
 * @throws NothingToExplain, InvalidEnvironments or InconsistentPlatform
 */
export function explainLanes(name: string): LanePicture[] {
  const input = (environmentInputs as Record<string, unknown>)[name];
  if (input === undefined) {
    throw new NothingToExplain(
      `there is no environment "${name}"; use one of ${Object.keys(environmentInputs).join(", ")}`,
    );
  }
  const directory = mkdtempSync(join(tmpdir(), "hft-explain-"));
  try {
    return synthesize({ [name]: input }, join(directory, "cdktf.out")).flatMap(({ environment, stacks, manifests }) =>
      [...manifests].flatMap(([region, objects]) => {
        const cluster = stacks.find((stack) => stack.name === stackId(environment, "cluster", region));
        const [node] = readLaneNodes(cluster?.json ?? {});
        const [engine] = laneEngines(objects);
        return node && engine
          ? [lanePicture(`${environment.name}/${region}`, node, engine, threadsOf(engine, objects))]
          : [];
      }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The thread map in the configuration file that the engine's pod mounts. */
function threadsOf(engine: LaneWorkload, objects: readonly KubernetesObject[]): Record<string, number> {
  const files = objects
    .filter(
      ({ kind, metadata }) => kind === "ConfigMap" && engine.name.endsWith(`/${metadata.namespace}/${metadata.name}`),
    )
    .flatMap(({ data }) => Object.entries(data as Record<string, string>));
  // Beside it lies the authority of the database's certificate.
  const [, configuration = "{}"] = files.find(([name]) => name.endsWith(".json")) ?? [];
  const { threads } = JSON.parse(configuration) as { threads?: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(threads ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}
