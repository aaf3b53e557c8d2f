import { ENGINE } from "../metrics";
import { type Alert, minutes } from "./alert";

/** What the environment promises of its engine. */
export interface EnginePromises {
  /** Whether writes happen in this region. */
  readonly active: boolean;
  /** Engines of this region that stand by: for the one beside them, or for that of the other region. */
  readonly standbys: number;
}

/** 4.9's thresholds, and what the two engines of a partition must be at any time. */
export function engineAlerts({ active, standbys }: EnginePromises): Alert[] {
  return [...trading(), ...resources(), ...roles(active, standbys)];
}

function trading(): Alert[] {
  return [
    {
      name: "OrderLatencyHigh",
      severity: "critical",
      component: "engine",
      expr: `histogram_quantile(0.99, sum by (le) (rate(${ENGINE.orderLatency}_bucket{stage="match"}[5m]))) > 10e-6`,
      forSeconds: minutes(2),
      summary: "One order in a hundred takes longer than 10 µs inside the engine",
      meaning:
        "The platform's latency target is missed. Usually the matching thread shares its core, or huge pages are missing.",
    },
    {
      name: "OrderErrorRateHigh",
      severity: "critical",
      component: "engine",
      expr: `sum(rate(${ENGINE.errors}[5m])) / sum(rate(${ENGINE.commands}[5m])) > 0.001`,
      forSeconds: minutes(2),
      summary: "The engine fails on {{ $value | humanizePercentage }} of its commands",
      meaning:
        "Faults, or orders rejected because of the engine's own state; the label component of hft_errors_total says which.",
    },
    {
      name: "ThroughputLow",
      severity: "critical",
      component: "engine",
      expr:
        `sum(rate(${ENGINE.orderLatency}_count{stage="match"}[1m])) < 50000 ` +
        `and max(${ENGINE.queueDepth} / ${ENGINE.queueCapacity}) > 0.5`,
      forSeconds: minutes(1),
      summary: "The engine matches {{ $value | humanize }} orders per second while its queue is more than half full",
      meaning: "Orders are queueing. The engine processes fewer than the 50,000 per second that it is designed for.",
    },
    {
      name: "EngineQueueFilling",
      severity: "warning",
      component: "engine",
      expr: `max by (pod) (${ENGINE.queueDepth} / ${ENGINE.queueCapacity}) > 0.8`,
      forSeconds: 30,
      summary: "The queue of {{ $labels.pod }} is {{ $value | humanizePercentage }} full",
      meaning: "If it fills up, new orders are rejected with a reason; none is lost.",
    },
    {
      name: "RiskLimitNear",
      severity: "critical",
      component: "engine",
      expr: `max by (limit) (${ENGINE.riskUtilisation}) > 0.9`,
      forSeconds: minutes(1),
      summary: "An account uses {{ $value | humanizePercentage }} of its limit on {{ $labels.limit }}",
      meaning: "Further orders of that account will be rejected. Risk control decides whether to raise the limit.",
    },
    {
      name: "TradingStopped",
      severity: "critical",
      component: "engine",
      expr: `max(${ENGINE.killSwitch}) == 1`,
      forSeconds: 0,
      summary: "The kill switch is on: nobody can trade",
      meaning: "A person or a limit stopped trading. It stays stopped until a person resumes it.",
    },
    {
      name: "MarketDataStale",
      severity: "critical",
      component: "engine",
      // A quiet symbol is no fault: every execution changes the book, so a book that stands still is old only while
      // there are some. A healthy one fulfils this for 30 s at most, from its age of 30 s until the execution has left
      // the window.
      expr:
        `max by (symbol) (${ENGINE.marketDataAge} and on (pod) (${ENGINE.role}{role="active"} == 1)) > 30 ` +
        `and on (symbol) sum by (symbol) (increase(${ENGINE.executions}[1m])) > 0`,
      forSeconds: minutes(1),
      summary: "{{ $labels.symbol }} trades, but its book has not changed for {{ $value | humanizeDuration }}",
      meaning: "Clients see stale prices: the engine matches orders but no longer publishes the book.",
    },
    {
      name: "WebSocketConnectionsLost",
      severity: "warning",
      component: "engine",
      // PromQL has no decrease(): what was there five minutes ago less what is there now.
      expr: `sum(${ENGINE.webSocketConnections} offset 5m) - sum(${ENGINE.webSocketConnections}) > 100`,
      forSeconds: 0,
      summary: "{{ $value }} WebSocket connections fewer than five minutes ago",
      meaning: "Many clients lost their stream at once: an engine restarted, or a gateway or a network failed.",
    },
    {
      name: "WebSocketDropsHigh",
      severity: "warning",
      component: "engine",
      expr: `sum(increase(${ENGINE.webSocketDrops}{reason!="drain"}[5m])) > 100`,
      forSeconds: 0,
      summary: "The engine cut off {{ $value | humanize }} WebSocket clients in five minutes",
      meaning:
        "Clients are too slow or send malformed messages, or the engine is at capacity; the label reason says which.",
    },
  ];
}

function resources(): Alert[] {
  return [
    {
      name: "DependencyDown",
      severity: "critical",
      component: "engine",
      expr: `max by (dependency) (${ENGINE.dependencyUp}) == 0`,
      forSeconds: minutes(2),
      summary: "No engine reaches {{ $labels.dependency }}",
      meaning: "Trading continues, because the journal has the orders, but queries and downstream systems fall behind.",
    },
    {
      name: "JournalSlow",
      severity: "critical",
      component: "engine",
      expr: `max by (pod) (${ENGINE.journalDurableLag}) > 1`,
      forSeconds: 30,
      summary: "Orders wait {{ $value | humanizeDuration }} in {{ $labels.pod }} until they are durable",
      meaning: "The journal's disk is slow or full, or the standby does not answer. Acknowledgements wait for both.",
    },
    {
      name: "SnapshotLate",
      severity: "warning",
      component: "engine",
      expr: `time() - min by (pod) (${ENGINE.lastSnapshot}) > 600`,
      forSeconds: minutes(5),
      summary: "The newest snapshot of {{ $labels.pod }} is {{ $value | humanizeDuration }} old",
      meaning: "A restart replays a longer journal, so a failover takes longer.",
    },
    {
      name: "SnapshotFailing",
      severity: "warning",
      component: "engine",
      expr: `max by (pod) (${ENGINE.snapshotFailing}) == 1`,
      forSeconds: minutes(2),
      summary: "{{ $labels.pod }} cannot write snapshots",
      meaning:
        "The snapshots' disk is full or read-only, or denies the engine access. Trading continues and nothing is lost, but the journal grows because it is not pruned, and a restart takes longer. If the disk fills up, the journal stops, and with it trading.",
    },
    {
      name: "HugepagesUnused",
      severity: "warning",
      component: "engine",
      expr: `min by (pod) (${ENGINE.hugepages}) == 0`,
      forSeconds: minutes(5),
      summary: "{{ $labels.pod }} runs without huge pages",
      meaning: "The node did not reserve them, or the pod did not get them; latency is worse than the target.",
    },
    {
      name: "EngineClockWrong",
      severity: "critical",
      component: "engine",
      expr: `max by (pod) (abs(${ENGINE.clockOffset})) > 100e-6 or max by (pod) (1 - ${ENGINE.clockSynchronised}) == 1`,
      forSeconds: minutes(5),
      summary: "The clock of {{ $labels.pod }} is wrong or is not being checked",
      meaning: "MiFID II (RTS 25) allows 100 µs of divergence from UTC; timestamps of orders may be wrong.",
    },
  ];
}

function roles(active: boolean, standbys: number): Alert[] {
  const holders = `sum(${ENGINE.role}{role="active"})`;
  const alerts: Alert[] = [
    {
      name: "TwoActiveEngines",
      severity: "critical",
      component: "engine",
      expr: `${holders} > ${active ? 1 : 0}`,
      forSeconds: 10,
      summary: "{{ $value }} engines have the active role",
      meaning:
        "Fencing has failed: two engines may accept orders for the same book. The one with the lower epoch must stop.",
    },
  ];
  if (active) {
    alerts.push({
      name: "NoActiveEngine",
      severity: "critical",
      component: "engine",
      expr: `(${holders} or vector(0)) < 1`,
      forSeconds: 30,
      summary: "No engine is active: nobody can trade",
      meaning: "The active engine is gone and the standby has not taken over.",
    });
  }
  if (standbys > 0) {
    alerts.push({
      name: "StandbyMissing",
      severity: "critical",
      component: "engine",
      expr: `(sum(${ENGINE.role}{role="standby"}) or vector(0)) < ${standbys}`,
      forSeconds: minutes(5),
      summary: "Only {{ $value }} standby engines are available",
      meaning: "The next fault of the active engine stops trading until a pod has started and replayed the journal.",
    });
  }
  return alerts;
}
