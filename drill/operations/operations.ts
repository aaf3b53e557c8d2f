import type { Command } from "../live/command";
import { changes, reads } from "../live/command";
import { commandsFor, deployCommands, tellEngine } from "../live/orders";
import type { Places } from "../live/places";
import type { EnvironmentChange, SecretName } from "../scenarios/action";
import { stackId } from "../scenarios/scenario";

/** One thing that is done to a running platform: what changes in its file, and what is typed. */
export interface Operation {
  readonly title: string;
  readonly change?: EnvironmentChange;
  readonly commands: readonly Command[];
  /** How to take it back. */
  readonly undo: string;
}

/** The engine's release before, by digest: deployed like any other change. */
export function rollback(places: Places, to: string): Operation {
  const { environment } = places;
  return {
    title: `Roll the engine of ${environment.name} back to ${to}`,
    change: { field: "images.engine", to },
    commands: deployed(places, [stackId(environment, "workloads", environment.activeRegion)]),
    undo: `npm run operate -- rollback ${environment.name} --to ${environment.images.engine}`,
  };
}

/** Fields that say how much of something there is, and the layers that are deployed, in order, when one changes. */
export const SCALABLE: Readonly<Record<string, readonly ("workloads" | "cluster" | "data" | "addons")[]>> = {
  "frontend.min": ["workloads"],
  "frontend.max": ["workloads"],
  "gateway.min": ["workloads"],
  "gateway.max": ["workloads"],
  // The cluster autoscaler keeps the minimum; EKS has the maximum as well.
  "nodePools.system.minNodes": ["addons"],
  "nodePools.system.maxNodes": ["cluster", "addons"],
  "nodePools.general.minNodes": ["addons"],
  "nodePools.general.maxNodes": ["cluster", "addons"],
  "nodePools.lowLatency.nodes": ["cluster"],
  "cache.replicas": ["data"],
  "streaming.brokers": ["data"],
};

export function scale(places: Places, field: string, to: number, from: number): Operation {
  const { environment } = places;
  const stacks = environment.regions.flatMap(({ name }) =>
    SCALABLE[field]!.map((layer) => stackId(environment, layer, name)),
  );
  return {
    title: `Scale ${field} of ${environment.name} from ${from} to ${to}`,
    change: { field, to },
    commands: deployed(places, stacks),
    undo: `npm run operate -- scale ${environment.name} ${field} ${from}`,
  };
}

export function backUp(places: Places, region: string): Operation {
  return {
    title: `Back up the database and the engine's journal of ${region}`,
    commands: commandsFor({ name: "back-up", region }, places),
    undo: "nothing to take back; a snapshot is deleted with aws rds delete-db-snapshot",
  };
}

export function restore(places: Places, region: string, to: string): Operation {
  return {
    title: `Restore the database of ${region} as of ${to}, beside the one that stands`,
    commands: commandsFor({ name: "restore-database", region, to }, places),
    undo: "delete the restored instance; the old one was not touched",
  };
}

export function rotate(places: Places, secret: SecretName, region: string): Operation {
  const restart = secret === "engine-token-key" ? commandsFor({ name: "restart-engine", region }, places) : [];
  return {
    title: `Rotate ${secret} of ${places.environment.name}`,
    commands: [...commandsFor({ name: "rotate-secret", secret, region }, places), ...restart],
    undo: "Secrets Manager keeps the value before as AWSPREVIOUS",
  };
}

/** Order entry stops for everybody; books, positions and cancels stay. It goes through the journal, so a restart keeps it. */
export function maintenance(places: Places, on: boolean): Operation {
  const body = JSON.stringify({ on, cancelOpenOrders: false });
  const header = `printf 'header = "Authorization: Bearer %s"' "$HFT_OPERATOR_TOKEN"`;
  const post = `curl --silent --show-error --fail --json '${body}' --config - ${places.url}/api/admin/kill-switch`;
  const { name } = places.environment;
  return {
    title: `${on ? "Stop" : "Resume"} trading in ${name}`,
    commands: [
      changes("sh", "-c", `${header} | ${post}`),
      reads("curl", "--silent", "--show-error", `${places.url}/health`),
    ],
    undo: `npm run operate -- maintenance ${name} ${on ? "off" : "on"}`,
  };
}

/** The engine's peer is gone for longer than trading can wait. When it comes back it attaches, and is waited for again. */
export function continueAlone({ environment, regions }: Places, region: string): Operation {
  return {
    title: `Let the engine of ${region} in ${environment.name} acknowledge without its standby`,
    commands: [tellEngine(regions[region]!.cluster, "continue-alone", "the standby is attached")],
    undo: "nothing to take back: an engine that attaches is waited for again",
  };
}

export function set(places: Places, change: EnvironmentChange): Operation {
  const { name } = places.environment;
  return {
    title: `Set ${change.field} of ${name} to ${JSON.stringify(change.to)}`,
    change,
    commands: [],
    undo: `git checkout -- environments/${name}.ts`,
  };
}

/** The change itself is made by this program, so its own `set` is left out. */
function deployed(places: Places, stacks: readonly string[]): readonly Command[] {
  return deployCommands({ kind: "deploy", stacks }, places);
}
