import type { AloneDecision, PromotionDecision } from "@hft/engine";
import { stackId } from "../../vocabulary";
import { askSetAside, type SetAsideQuestion } from "../drill/live/ask-set-aside";
import type { Command } from "../drill/live/command";
import { changes } from "../drill/live/command";
import { readKillSwitch } from "../drill/live/kill-switch";
import { commandsFor, deployCommands } from "../drill/live/orders";
import type { ResourceNames } from "../drill/live/resource-names";
import { tellEngine } from "../drill/live/tell-engine";
import type { EnvironmentChange, SecretName } from "../drill/scenarios/action";

/** What makes no sense for an environment, with what can be done instead. */
export class UnsuitableOperation extends Error {}

/** @throws UnsuitableOperation where RDS has no database of the environment */
function assertInAws({ environment, regions }: ResourceNames, region: string): void {
  if (regions[region]!.database !== undefined) return;
  throw new UnsuitableOperation(
    `the database of ${environment.name} is on premises (${environment.onPremises?.databaseEndpoint}); back up, restore and rotate it with the tools there`,
  );
}

/** One thing that is done to a running platform: what changes in its file, and what is typed. */
export interface Operation {
  readonly title: string;
  readonly change?: EnvironmentChange;
  readonly commands: readonly Command[];
  /** How to take it back. */
  readonly undo: string;
}

/** Regions that run engines: standbys first, so that one release leads only what it has followed. */
function regionsInOrder({ environment: { active, standby } }: ResourceNames): string[] {
  return [standby, active].flatMap((region) => region?.name ?? []);
}

/** The engine's release before, by digest: deployed like any other change, wherever engines run. */
export function rollback(resourceNames: ResourceNames, to: string): Operation {
  const { environment } = resourceNames;
  return {
    title: `Roll the engine of ${environment.name} back to ${to}`,
    change: { field: "images.engine", to },
    commands: deployed(
      resourceNames,
      regionsInOrder(resourceNames).map((region) => stackId(environment, "workloads", region)),
    ),
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

export function scale(resourceNames: ResourceNames, field: string, to: number, from: number): Operation {
  const { environment } = resourceNames;
  const stacks = environment.regions.flatMap(({ name }) =>
    SCALABLE[field]!.map((layer) => stackId(environment, layer, name)),
  );
  return {
    title: `Scale ${field} of ${environment.name} from ${from} to ${to}`,
    change: { field, to },
    commands: deployed(resourceNames, stacks),
    undo: `npm run operate -- scale ${environment.name} ${field} ${from}`,
  };
}

export function backUp(resourceNames: ResourceNames, region: string): Operation {
  assertInAws(resourceNames, region);
  return {
    title: `Back up the database and the engine's journal of ${region}`,
    commands: commandsFor({ name: "back-up", region }, resourceNames),
    undo: "nothing to undo; delete the snapshot with aws rds delete-db-snapshot",
  };
}

export function restore(resourceNames: ResourceNames, region: string, to: string): Operation {
  assertInAws(resourceNames, region);
  return {
    title: `Restore the database of ${region} as of ${to}, next to the existing one`,
    commands: commandsFor({ name: "restore-database", region, to }, resourceNames),
    undo: "delete the restored instance; the old one was not touched",
  };
}

export function rotate(resourceNames: ResourceNames, secret: SecretName, region: string): Operation {
  if (secret === "database-password") assertInAws(resourceNames, region);
  const restart =
    secret === "engine-token-key"
      ? regionsInOrder(resourceNames).flatMap((each) =>
          commandsFor({ name: "restart-engine", region: each }, resourceNames),
        )
      : [];
  return {
    title: `Rotate ${secret} of ${resourceNames.environment.name}`,
    commands: [...commandsFor({ name: "rotate-secret", secret, region }, resourceNames), ...restart],
    undo: "Secrets Manager keeps the previous value as AWSPREVIOUS",
  };
}

/**
 * Order entry stops for everybody; books, positions and cancels stay. It goes through the journal, so a restart keeps
 * it.
 */
export function maintenance(resourceNames: ResourceNames, on: boolean): Operation {
  const body = JSON.stringify({ on, cancelOpenOrders: false });
  const header = `printf 'header = "Authorization: Bearer %s"' "$HFT_OPERATOR_TOKEN"`;
  const post = `curl --silent --show-error --fail --json '${body}' --config - ${resourceNames.url}/api/admin/kill-switch`;
  const { name } = resourceNames.environment;
  return {
    title: `${on ? "Stop" : "Resume"} trading in ${name}`,
    commands: [
      changes("sh", "-c", `${header} | ${post}`),
      readKillSwitch(resourceNames.regions[resourceNames.environment.activeRegion]!, on),
    ],
    undo: `npm run operate -- maintenance ${name} ${on ? "off" : "on"}`,
  };
}

/**
 * The engine's peer is gone for longer than trading can wait. When it comes back it attaches, and is waited for again.
 */
export function continueAlone(
  { environment, regions }: ResourceNames,
  region: string,
  decision: AloneDecision = "standby-away",
): Operation {
  return {
    title: `Let the engine of ${region} in ${environment.name} acknowledge without its standby`,
    commands: [tellEngine(regions[region]!, { kind: "continue-alone", decision })],
    undo: "nothing to undo: once a standby attaches, orders wait for it again",
  };
}

/**
 * The engine that stands by in a region becomes the active one there. Between regions a drill moves database and users
 * too.
 */
export function promote(
  { environment, regions }: ResourceNames,
  region: string,
  decision: PromotionDecision,
): Operation {
  const { engines } = regions[region]!;
  if (engines.length < 2) {
    throw new UnsuitableOperation(
      `${environment.name} runs one engine in ${region}; writes move to another region with "npm run drill -- region-loss ${environment.name} --live", database and users with them`,
    );
  }
  return {
    title: `Promote the standby engine of ${region} in ${environment.name} (${decision})`,
    commands: [tellEngine(regions[region]!, { kind: "promote", decision })],
    undo: `npm run operate -- promote ${environment.name}, once the other engine is attached again`,
  };
}

/** Commands that an engine had and the history that goes on has not: to look at, and to enter again. */
export function setAside(resourceNames: ResourceNames, question: SetAsideQuestion): Operation {
  const { name } = resourceNames.environment;
  const titles = {
    list: "List the files of commands that were set aside in",
    show: "Show the commands of a file that was set aside in",
    replay: "Enter the commands of a file again on the active engine of",
  };
  return {
    title: `${titles[question.kind]} ${name}`,
    commands: [askSetAside(resourceNames, question)],
    undo:
      question.kind === "replay"
        ? "cancel the orders for their accounts; executed quantities remain"
        : "nothing to undo",
  };
}

export function set(resourceNames: ResourceNames, change: EnvironmentChange): Operation {
  const { name } = resourceNames.environment;
  return {
    title: `Set ${change.field} of ${name} to ${JSON.stringify(change.to)}`,
    change,
    commands: [],
    undo: `git checkout -- environments/${name}.ts`,
  };
}

/** The change itself is made by this program, so its own `set` is left out. */
function deployed(resourceNames: ResourceNames, stacks: readonly string[]): readonly Command[] {
  return deployCommands({ kind: "deploy", stacks }, resourceNames);
}
