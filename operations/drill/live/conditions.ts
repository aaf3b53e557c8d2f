import { ENGINE_METRICS } from "@hft/engine/configuration";
import { stackId } from "../../../vocabulary";
import type { Measurement } from "../execution/drill-target";
import { type EngineFacts, journalFollows } from "../execution/journal-gate";
import type { Condition } from "../scenarios/action";
import { type Command, reads } from "./command";
import type { RegionResourceNames, ResourceNames } from "./resource-names";

/** What a command gave back. */
export interface CommandOutcome {
  readonly exitCode: number;
  readonly stdout: string;
}

/** How a condition is looked at on a live platform: commands that change nothing, and what their output means. */
export interface Look {
  readonly commands: readonly Command[];
  readonly judge: (outcomes: readonly CommandOutcome[]) => Measurement;
}

const CURL = ["curl", "--silent", "--show-error", "--max-time", "5"] as const;
/** A projection that is farther behind than this has stopped, or is catching up after a fault. */
const PROJECTION_LAG_SECONDS = 5;
/** RDS can restore to any moment until five minutes ago; more means that backups have stopped. */
const RESTORABLE_AGE_SECONDS = 600;

export function lookAt(condition: Condition, resourceNames: ResourceNames): Look {
  const at = "region" in condition ? resourceNames.regions[condition.region]! : undefined;
  switch (condition.name) {
    case "service-answers":
      return exits([canary(resourceNames)], true);
    case "service-silent":
      return exits([canary(resourceNames)], false);
    case "region-answers":
      return exits(interfaces(at!), true);
    case "region-silent":
      return exits(interfaces(at!), false);
    case "engine-active":
      return metric(at!, 'hft_role{role="active"}', (value) => value === 1);
    case "engine-acknowledges-nothing":
      return silentOr(metric(at!, 'hft_role{role="active"}', (value) => value === 0));
    case "journal-follows":
      return journal(
        resourceNames.regions[condition.from]!,
        resourceNames.regions[condition.to]!,
        resourceNames.environment.recovery.rpoSeconds,
      );
    case "database-equals-journal":
      return metric(
        at!,
        'hft_projection_lag_seconds{dependency="database"}',
        (value) => value <= PROJECTION_LAG_SECONDS,
      );
    case "database-differs-from-journal":
      return metric(
        at!,
        'hft_projection_lag_seconds{dependency="database"}',
        (value) => value > PROJECTION_LAG_SECONDS,
      );
    case "database-follows":
      return database(at!, ({ source, status }) => source !== null && status === "available");
    case "database-leads":
      return database(at!, ({ source, status }) => source === null && status === "available");
    case "backup-recent":
      return database(
        at!,
        ({ restorable }) => Date.now() - Date.parse(restorable ?? "") <= RESTORABLE_AGE_SECONDS * 1_000,
      );
    case "edge-points-to":
      return edge(resourceNames, condition.region);
    case "state-readable":
      return exits([stateObject(resourceNames, condition.region)], true);
    case "state-missing":
      return exits([stateObject(resourceNames, condition.region)], false);
    case "clients-admitted":
      return exits([withToken(resourceNames, "/api/positions")], true);
    case "clients-refused":
      return exits([withToken(resourceNames, "/api/positions")], false);
  }
}

/** All succeed, or all fail. */
function exits(commands: readonly Command[], succeed: boolean): Look {
  return {
    commands,
    judge: (outcomes) => ({
      holds: outcomes.every(({ exitCode }) => (exitCode === 0) === succeed),
      saw: outcomes.map(({ exitCode }) => (exitCode === 0 ? "answers" : `fails (${exitCode})`)).join(", "),
    }),
  };
}

function interfaces({ region, cluster }: RegionResourceNames): Command[] {
  return [
    reads("aws", "eks", "describe-cluster", "--name", cluster, "--region", region, "--query", "cluster.status"),
    reads("kubectl", "--context", cluster, "--request-timeout", "5s", "get", "--raw", "/readyz"),
  ];
}

/** The engine's image holds Node and nothing else that could fetch. */
const FETCH_METRICS = 'fetch("http://127.0.0.1:8080/metrics").then((answer) => answer.text()).then(console.log)';

function engineMetrics({ cluster, engines }: RegionResourceNames): Command[] {
  return engines.map((engine) =>
    reads("kubectl", "--context", cluster, "--namespace", "trading", "exec", engine, "--", "node", "-e", FETCH_METRICS),
  );
}

/** A figure of the region's engines: of the active one where there is one, since only it knows how far others are. */
function metric(at: RegionResourceNames, name: string, holds: (value: number) => boolean): Look {
  return {
    commands: engineMetrics(at),
    judge: (outcomes) => {
      const pods = outcomes.filter(({ exitCode }) => exitCode === 0).map(({ stdout }) => stdout);
      const active = pods.find((text) => figureOf(text, 'hft_role{role="active"}') === 1) ?? pods[0];
      const value = active === undefined ? undefined : figureOf(active, name);
      if (value === undefined) return { holds: false, saw: `no engine of ${at.region} exports ${name}` };
      return { holds: holds(value), saw: `${name} ${value}` };
    },
  };
}

/** Both sides of the replication: what each says of itself. */
function journal(from: RegionResourceNames, to: RegionResourceNames, rpoSeconds: number): Look {
  const commands = [...engineMetrics(from), ...engineMetrics(to)];
  return {
    commands,
    judge: (outcomes) => {
      const [left, right] = [outcomes.slice(0, from.engines.length), outcomes.slice(from.engines.length)];
      return journalFollows(factsOf(from, left, "active"), factsOf(to, right, "standby"), rpoSeconds);
    },
  };
}

/** Facts of a region's engine, of the one in the wanted role where there is one. */
function factsOf(
  { region }: RegionResourceNames,
  outcomes: readonly CommandOutcome[],
  wanted: "active" | "standby",
): EngineFacts {
  const pods = outcomes.filter(({ exitCode }) => exitCode === 0).map(({ stdout }) => stdout);
  const has = (text: string, label: string, value: string) => figureOf(text, `${label}="${value}"}`) === 1;
  const text = pods.find((each) => has(each, `${ENGINE_METRICS.role.name}{role`, wanted)) ?? pods[0];
  if (text === undefined) return { region, role: "silent" };
  const of = <T extends string>(label: string, values: readonly T[]) => values.find((value) => has(text, label, value));
  const role = of(`${ENGINE_METRICS.role.name}{role`, ["active", "standby", "fenced", "failed"]);
  return {
    region,
    role: role ?? "silent",
    epoch: figureOf(text, ENGINE_METRICS.epoch.name),
    sequence: figureOf(text, ENGINE_METRICS.journalSequence.name),
    standby: of(`${ENGINE_METRICS.standby.name}{state`, ["attached", "catching-up", "absent"]),
    lagSeconds: figureOf(text, ENGINE_METRICS.replicationLag.name),
    leaderEndedAt: figureOf(text, ENGINE_METRICS.leaderEnded.name),
  };
}

/** An engine that cannot be reached at all acknowledges nothing to users either: they come through the same region. */
function silentOr(look: Look): Look {
  return {
    ...look,
    judge: (outcomes) =>
      outcomes.every(({ exitCode }) => exitCode !== 0)
        ? { holds: true, saw: "no engine can be reached" }
        : look.judge(outcomes),
  };
}

function figureOf(text: string, name: string): number | undefined {
  const line = text.split("\n").find((each) => each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

interface DatabaseFacts {
  readonly status: string;
  readonly source: string | null;
  readonly restorable: string | null;
}

function database(
  { region, database: identifier = "" }: RegionResourceNames,
  holds: (facts: DatabaseFacts) => boolean,
): Look {
  const query =
    "DBInstances[0].{status:DBInstanceStatus,source:ReadReplicaSourceDBInstanceIdentifier,restorable:LatestRestorableTime}";
  return {
    commands: [
      reads(
        "aws",
        "rds",
        "describe-db-instances",
        "--db-instance-identifier",
        identifier,
        "--region",
        region,
        "--query",
        query,
        "--output",
        "json",
      ),
    ],
    judge: ([outcome]) => {
      // AWS answers with nothing when there is no such instance.
      if (outcome?.exitCode !== 0 || !outcome.stdout.trim()) {
        return { holds: false, saw: `${identifier} cannot be described` };
      }
      return {
        holds: holds(JSON.parse(outcome.stdout) as DatabaseFacts),
        saw: outcome.stdout.replace(/\s+/g, " ").trim(),
      };
    },
  };
}

/** A plan against what stands: when it is empty, the edge stands as described, with the active region first. */
function edge(resourceNames: ResourceNames, region: string): Look {
  return {
    commands: [
      reads(
        "terraform",
        `-chdir=${resourceNames.stackDirectory(`${resourceNames.environment.name}-edge`)}`,
        "plan",
        "-input=false",
        "-lock=false",
        "-detailed-exitcode",
      ),
    ],
    judge: ([outcome]) => ({
      holds: outcome?.exitCode === 0,
      saw:
        outcome?.exitCode === 0
          ? `as configured: ${region} first`
          : `the plan is not empty (exit code ${outcome?.exitCode})`,
    }),
  };
}

function stateObject({ regions, environment }: ResourceNames, region: string): Command {
  const key = `${stackId(environment, "data", region)}.tfstate`;
  return reads(
    "aws",
    "s3api",
    "head-object",
    "--bucket",
    regions[region]!.stateBucket,
    "--key",
    key,
    "--region",
    region,
  );
}

/** The token comes from the environment, so that it is neither shown nor in the list of processes. */
function withToken(resourceNames: ResourceNames, path: string, ...options: string[]): Command {
  const header = `printf 'header = "Authorization: Bearer %s"' "$HFT_DRILL_TOKEN"`;
  return reads(
    "sh",
    "-c",
    [header, "|", ...CURL, "--fail", ...options, "--config", "-", `${resourceNames.url}${path}`].join(" "),
  );
}

/**
 * An order that changes nothing: the smallest quantity at the lowest price, immediate or cancel. It goes through the
 * journal, and the engine takes it (201) or refuses it by a rule such as the price collar (422); both are answers of an
 * active engine. The gateway's own health would not do: a standby region's gateway is well too.
 */
function canary(resourceNames: ResourceNames): Command {
  const [symbol] = resourceNames.environment.engine.symbols;
  const { name, tickSize, lotSize } = symbol!;
  const order = { symbol: name, side: "buy", timeInForce: "ioc", price: tickSize, quantity: lotSize };
  const status = `--json '${JSON.stringify(order)}' --output /dev/null --write-out '%{http_code}'`;
  const answered = withToken(resourceNames, "/api/orders", status);
  const [program = "", ...words] = answered.argv;
  const script = words.at(-1)!.replace(" --fail", "");
  return reads(program, ...words.slice(0, -1), `${script} | grep -qxE '201|422'`);
}
