import type { ApiContext } from "../http/context";
import { FileStorage } from "../journal/file-storage";
import { listSetAside } from "../journal/set-aside";
import type { ProjectionRunner } from "../projections/runner";
import { STANDBY_PRESENCES } from "../replication/standby-presence";
import type { ClockMonitor } from "../telemetry/clock-monitor";
import type { DependencyName } from "../telemetry/dependency";
import { hugepageBytes } from "../telemetry/hugepages";
import type { EventFanOut } from "./event-fan-out";

export interface GaugeParts {
  readonly context: ApiContext;
  readonly fanOut: EventFanOut;
  readonly clock: ClockMonitor;
  readonly runners: readonly { readonly name: DependencyName; readonly runner: ProjectionRunner }[];
  readonly backups: () => readonly (readonly [string, number])[];
  /** Undefined without TLS. */
  readonly certificateExpirySeconds: () => number | undefined;
  readonly version: string;
}

const ROLES = ["active", "standby", "fenced", "failed"] as const;

/** Metrics that are read at scrape. With the counters of the other parts this fills every metric of the list. */
export function installGauges(parts: GaugeParts): void {
  const { context, fanOut, clock, runners, backups, version } = parts;
  const { metrics, core, views, instruments, configuration } = context;
  const status = () => core.status;
  metrics.gauge("position", () => instruments.all.map(({ index, name }) => [[name], views.absolutePosition(index)]));
  metrics.gauge("openOrders", () => views.orders.openCount);
  metrics.gauge("rememberedOrders", () => views.orders.remembered.count);
  metrics.gauge("riskUtilisation", () => [
    [["position"], status().highestPositionUse],
    [["order_rate"], status().highestRateUse],
    [["open_orders"], views.orders.openCount / configuration.limits.maxOpenOrders],
    [["queue"], status().queueDepth / status().queueCapacity],
  ]);
  metrics.gauge("killSwitch", () => (status().killed ? 1 : 0));
  metrics.gauge("queueDepth", () => status().queueDepth);
  metrics.gauge("queueCapacity", () => status().queueCapacity);
  metrics.gauge("journalSequence", () => status().sequence);
  metrics.gauge("journalDurableLag", () => fanOut.durableLagSeconds);
  // No sample where nobody knows: a lag of 0 would say that a standby has everything.
  metrics.gauge("replicationLag", () => known(status().replication.lagMs, 1_000));
  metrics.gauge("standby", () => {
    const { standby } = status().replication;
    return standby === undefined ? [] : STANDBY_PRESENCES.map((each) => [[each], each === standby ? 1 : 0]);
  });
  metrics.gauge("leaderEnded", () => known(status().replication.leaderEndedAt));
  metrics.gauge("setAside", () => setAsideGauge(configuration.journal.directory));
  metrics.gauge("lastSnapshot", () => status().lastSnapshotMs / 1000);
  metrics.gauge("snapshotFailing", () => (status().snapshotFailing ? 1 : 0));
  metrics.gauge("epoch", () => core.epoch);
  metrics.gauge("role", () => ROLES.map((role) => [[role], core.role === role ? 1 : 0]));
  metrics.gauge("marketDataAge", () =>
    instruments.all.map(({ index, name }) => [[name], ageSeconds(views.books[index]?.changedAtMicroseconds ?? 0)]),
  );
  metrics.gauge("dependencyUp", () =>
    Object.entries(context.dependencies()).map(([name, { status: state }]) => [
      [name],
      state === "down" || state === "starting" ? 0 : 1,
    ]),
  );
  metrics.gauge("projectionLag", () => runners.map(({ name, runner }) => [[name], runner.lagSeconds()]));
  metrics.gauge("lastBackup", () => backups().map(([kind, seconds]) => [[kind], seconds]));
  metrics.gauge("clockOffset", () => clock.offsetSeconds);
  metrics.gauge("clockSynchronised", () => (clock.synchronised ? 1 : 0));
  metrics.gauge("hugepages", () => hugepageBytes());
  metrics.gauge("certificateExpiry", () => known(parts.certificateExpirySeconds()));
  const { environment, region } = configuration;
  metrics.gauge("buildInfo", () => [[[version, process.version, environment, region], 1]]);
}

const known = (value: number | undefined, unit = 1): number | [] => (value === undefined ? [] : value / unit);

/** Commands that are kept aside and wait for a person. */
function setAsideGauge(journalDirectory: string) {
  const waiting = listSetAside(new FileStorage(journalDirectory)).filter(({ entered }) => !entered);
  const count = (acknowledged: boolean) =>
    waiting
      .filter((each) => each.acknowledged === acknowledged)
      .reduce((sum, { firstSequence, lastSequence }) => sum + lastSequence - firstSequence + 1, 0);
  return [[["yes"], count(true)] as const, [["no"], count(false)] as const];
}

/** 0 until the first change: a book that has never moved is not stale. */
const ageSeconds = (microseconds: number): number =>
  microseconds === 0 ? 0 : Math.max(0, Date.now() / 1000 - microseconds / 1e6);
