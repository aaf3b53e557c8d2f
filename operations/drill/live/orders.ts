import { stackId } from "../../../vocabulary";
import type { Deploy, Imperative } from "../scenarios/action";
import { type Command, changes, reads } from "./command";
import type { RegionResourceNames, ResourceNames } from "./resource-names";
import { restoreDatabase } from "./restore-database";
import { tellEngine } from "./tell-engine";

const kubectl = (cluster: string, ...rest: string[]) => [
  "kubectl",
  "--context",
  cluster,
  "--namespace",
  "trading",
  ...rest,
];

/** `20260302t081530`, as names of snapshots and jobs may have it. */
function timeStamp(): string {
  return new Date()
    .toISOString()
    .replace(/[-:]|\..*/g, "")
    .toLowerCase();
}

/** The commands of an order. Each may be given again after it failed half way. */
export function commandsFor(order: Imperative, resourceNames: ResourceNames, stamp = timeStamp()): Command[] {
  const at = resourceNames.regions[order.region]!;
  const { cluster, region } = at;
  const rds = (...rest: string[]) => ["aws", "rds", ...rest, "--region", region];
  switch (order.name) {
    case "fence-writers":
      // What cannot be reached is not told; the epoch of the survivor cuts it off when it comes back.
      return [
        changes(...kubectl(cluster, "--request-timeout", "5s", "scale", "statefulset/engine", "--replicas", "0")),
        changes(
          ...kubectl(
            cluster,
            "--request-timeout",
            "5s",
            "delete",
            "pod",
            ...at.engines,
            "--ignore-not-found",
            "--grace-period",
            "30",
          ),
        ),
      ];
    case "promote-engine":
      return [tellEngine(at, { kind: "promote", decision: order.decision })];
    case "set-database-aside":
      return setAside(order.region, resourceNames);
    case "force-database-failover":
      return [changes(...rds("reboot-db-instance", "--db-instance-identifier", databaseOf(at), "--force-failover"))];
    case "back-up":
      return backUp(order.region, resourceNames, stamp);
    case "restore-database":
      return restoreDatabase(at, order.to);
    case "restore-states":
      return [
        changes(
          "aws",
          "s3",
          "sync",
          `s3://${resourceNames.regions[order.from]!.stateBucket}`,
          `s3://${at.stateBucket}`,
          "--source-region",
          order.from,
          "--region",
          region,
          "--exclude",
          "*",
          "--include",
          `${resourceNames.environment.name}-${region}-*.tfstate`,
        ),
      ];
    case "rotate-secret":
      return rotate(order.secret, order.region, resourceNames, stamp);
    case "restart-engine":
      return [
        changes(...kubectl(cluster, "rollout", "restart", "statefulset/engine")),
        reads(...kubectl(cluster, "rollout", "status", "statefulset/engine", "--timeout", "5m")),
      ];
  }
}

/** @throws Error where the database is not in AWS */
function databaseOf({ region, database }: RegionResourceNames): string {
  if (database === undefined) throw new Error(`the database of ${region} stays on premises; RDS has none`);
  return database;
}

function setAside(region: string, { environment, stackDirectory }: ResourceNames): Command[] {
  const directory = stackDirectory(stackId(environment, "data", region));
  const generation = environment.database.generation[region] ?? 1;
  const address = `aws_db_instance.database_orders${generation === 1 ? "" : `_${generation}`}`;
  return [
    reads("terraform", `-chdir=${directory}`, "init", "-input=false"),
    changes("terraform", `-chdir=${directory}`, "state", "rm", address),
  ];
}

function backUp(region: string, resourceNames: ResourceNames, stamp: string): Command[] {
  const { cluster } = resourceNames.regions[region]!;
  const database = databaseOf(resourceNames.regions[region]!);
  return [
    changes(
      "aws",
      "rds",
      "create-db-snapshot",
      "--db-instance-identifier",
      database,
      "--db-snapshot-identifier",
      `${database}-${stamp}`,
      "--region",
      region,
    ),
    changes(...kubectl(cluster, "create", "job", `journal-backup-${stamp}`, "--from", "cronjob/journal-backup")),
  ];
}

function rotate(secret: string, region: string, resourceNames: ResourceNames, stamp: string): Command[] {
  if (secret === "database-password") {
    databaseOf(resourceNames.regions[region]!);
    const { databaseSecret = "" } = resourceNames.regions[region]!;
    return [changes("aws", "secretsmanager", "rotate-secret", "--secret-id", databaseSecret, "--region", region)];
  }
  const home = resourceNames.environment.regions[0]!.name;
  const name = resourceNames.secrets[secret] ?? secret;
  // Through a pipe: an argument would be seen in the list of processes.
  const put = `openssl rand -base64 48 | jq --raw-input '{password: .}' | aws secretsmanager put-secret-value --secret-id ${name} --secret-string file:///dev/stdin --region ${home}`;
  return [
    changes("sh", "-c", put),
    ...Object.values(resourceNames.regions).map(({ cluster }) =>
      changes(...kubectl(cluster, "annotate", "externalsecret/engine-secrets", `force-sync=${stamp}`, "--overwrite")),
    ),
  ];
}

/** A deploy: the reviewed change of the environment, then a plan and its apply, stack by stack. */
export function deployCommands({ changes: fields = [], stacks }: Deploy, resourceNames: ResourceNames): Command[] {
  const set = fields.map(({ field, to }) =>
    changes("npm", "run", "operate", "--", "set", resourceNames.environment.name, field, JSON.stringify(to)),
  );
  return [
    ...set,
    changes("npx", "cdktf", "synth"),
    ...stacks.flatMap((stack) => {
      const chdir = `-chdir=${resourceNames.stackDirectory(stack)}`;
      return [
        reads("terraform", chdir, "init", "-input=false"),
        reads("terraform", chdir, "plan", "-input=false", "-out=drill.tfplan"),
        changes("terraform", chdir, "apply", "-input=false", "drill.tfplan"),
      ];
    }),
  ];
}

/** Plans that are read afterwards; nothing is locked, so that they harm nobody. */
export function planCommands(stacks: readonly string[], resourceNames: ResourceNames): Command[] {
  return stacks.map((stack) =>
    reads(
      "terraform",
      `-chdir=${resourceNames.stackDirectory(stack)}`,
      "plan",
      "-input=false",
      "-lock=false",
      "-out=check.tfplan",
    ),
  );
}
