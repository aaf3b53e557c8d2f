/** What a person does about an alert, beyond reading it. */
export interface Remedy {
  /** Looked at first, in this order. `<cluster>` stands for the context of the alert's region. */
  readonly look: readonly string[];
  /** Done when the looks confirm it. */
  readonly act: readonly string[];
  /** Scenarios that this alert may be the first sign of. */
  readonly scenarios?: readonly string[];
}

const kubectl = "kubectl --context <cluster> --namespace trading";
const kubectlFront = "kubectl --context <cluster> --namespace front";
/** `<engine>` is the pod that the list of pods names: either of two may be the active one. */
const engineMetrics = `${kubectl} exec <engine> -- node -e 'fetch("http://127.0.0.1:8080/metrics").then((a) => a.text()).then(console.log)'`;
const engineHealth = `${kubectl} exec <engine> -- node -e 'fetch("http://127.0.0.1:8080/health").then((a) => a.text()).then(console.log)'`;

/** What is done for each component of the platform. */
const BY_COMPONENT: Readonly<Record<string, Remedy>> = {
  engine: {
    look: [
      `${kubectl} get pods --selector app.kubernetes.io/name=engine -o wide`,
      engineHealth,
      `${kubectl} logs --selector app.kubernetes.io/name=engine --prefix --since 15m`,
    ],
    act: [
      "A release went out within the hour: `npm run operate -- rollback production`.",
      "Customers are being harmed and the cause is not known: `npm run operate -- maintenance production on`, which stops order entry and leaves books and positions readable.",
    ],
  },
  gateway: {
    look: [
      `${kubectlFront} get pods --selector app.kubernetes.io/name=gateway -o wide`,
      `${kubectlFront} logs deployment/gateway --since 15m --tail 200`,
    ],
    act: [
      "The load is genuine: `npm run operate -- scale production gateway.max <more>`.",
      "A deploy came before it: `npm run operate -- rollback production`.",
    ],
  },
  edge: {
    look: [
      "curl --silent --show-error --include https://trade.hft.example.com/health",
      "Cloudflare's dashboard: health of the pools, and status.cloudflare.com",
    ],
    act: ["The origin is sound and users are cut off: follow origin-out-of-sight."],
    scenarios: ["origin-out-of-sight", "region-loss"],
  },
  kubernetes: {
    look: [
      `${kubectl} get pods -o wide`,
      `${kubectlFront} get pods -o wide`,
      `${kubectl} get events --sort-by .lastTimestamp`,
    ],
    act: [
      "A release went out within the hour: `npm run operate -- rollback production`.",
      "Pods wait for room: `npm run operate -- scale production nodePools.general.maxNodes <more>`.",
    ],
  },
  node: {
    look: ["kubectl --context <cluster> get nodes -o wide", "kubectl --context <cluster> describe node <node>"],
    act: [
      "The node is sick: `kubectl --context <cluster> drain <node> --ignore-daemonsets --delete-emptydir-data`, then end its instance; the pool makes a new one.",
      "An engine's node: see first that the other engine stands by (StandbyMissing is silent; with two regions it is the other region's).",
    ],
    scenarios: ["zone-loss"],
  },
  monitoring: {
    look: ["kubectl --context <cluster> --namespace monitoring get pods", "Prometheus: Status, Targets"],
    act: ["Until this is repaired other alerts may be silent: look at the dashboards by hand."],
  },
  recovery: {
    look: [engineMetrics, `${kubectl} get jobs,cronjobs`],
    act: ["A backup is missing: `npm run operate -- backup production`."],
  },
  secrets: {
    look: [
      `${kubectl} get externalsecrets`,
      "kubectl --context <cluster> --namespace external-secrets logs deployment/external-secrets --since 30m",
    ],
    act: ["The secret itself has expired or leaked: `npm run operate -- rotate production <secret>`."],
    scenarios: ["expired-secret"],
  },
  logging: {
    look: ["kubectl --context <cluster> --namespace node-agents logs daemonset/log-shipper --since 30m --tail 100"],
    act: ["Nothing is lost while the node's buffer has room; repair before it is full (NodeDiskLow)."],
  },
};

/** What is particular to an alert, in addition to its component's. */
const BY_ALERT: Readonly<Record<string, Partial<Remedy>>> = {
  NoActiveEngine: {
    act: [
      "Find out which of the scenarios below it is before anything is restarted: two active engines are worse than none.",
    ],
    scenarios: ["region-loss", "zone-loss", "bad-release"],
  },
  TwoActiveEngines: {
    act: [
      "At once: `npm run operate -- maintenance production on`. The engine with the lower epoch must end: delete its pod. Then reconcile before trading resumes.",
    ],
    scenarios: ["region-loss"],
  },
  PublicEndpointDown: { scenarios: ["region-loss", "zone-loss", "origin-out-of-sight"] },
  DependencyDown: {
    act: [
      "The engine trades on from its journal and catches up by itself; act on the dependency, not on the engine.",
      "`/health` says STORE_AHEAD: it does not. The store has events that a leader before gave alone; nothing is written to it, over restarts too. Copy it, then give the engine an empty one or restore it to before that moment ([ways out](../engine.md#damages)).",
    ],
    scenarios: ["database-primary-loss"],
  },
  StoreBehind: { scenarios: ["database-primary-loss", "corrupted-data"] },
  StandbyBehind: {
    act: [
      "Do not fail over now unless the region is lost: a planned promotion is refused, and what the standby has not got would stay on the disks of the lost one.",
    ],
  },
  StandbyAbsent: {
    act: [
      "See why it is gone: its pod, its node, the line between the regions (port 7400). It attaches by itself when it is back.",
      "It will be away for longer than trading can wait: `npm run operate -- continue-alone production`; from then on durable means one disk.",
    ],
  },
  StandbyCatchingUp: {
    act: [
      "hft_replication_lag_seconds falls: wait. It does not fall: the standby's disk or the line takes less than trading makes; look at both before writes are moved.",
    ],
  },
  AcknowledgedOrdersSetAside: {
    act: [
      "Look at them, with an operator's token in HFT_OPERATOR_TOKEN: `npm run operate -- set-aside list production` names the files and the engines that have them, `npm run operate -- set-aside show production <file>` the commands with their accounts.",
      "Decide with the desk: prices have moved since. To enter them again: `npm run operate -- set-aside replay production <file>`; it fetches the file from the engine that has it, gives it to the active one, and says of each command whether it was accepted, is already there or is refused, and why. What the old engine had refused, or had ended with nothing traded, stays so (refused-before). Orders that clients have sent or changed again meanwhile are left as they are, so it may be repeated, also after it was interrupted. A file above 64 MiB is refused (BODY_TOO_LARGE): copy it into the active engine's journal directory first (kubectl cp).",
      "OUTCOMES_UNKNOWN: the file does not say what its engine had refused (an older release wrote it, or no snapshot was old enough). `npm run operate -- set-aside replay production <file> --enter-unknown` enters it all the same; then an order may stand whose client was told no: hold those with outcome unknown against what their clients were told, and cancel them.",
      "Tell the customers whose orders are not entered again.",
    ],
    scenarios: ["region-loss"],
  },
  JournalSlow: {
    act: [
      "/health names the replication as `waiting`: the standby does not answer, and orders are not acknowledged as durable. It comes back within minutes: wait. The other region is lost, or its engine is: `npm run operate -- continue-alone production`; from then on durable means one disk, until the standby attaches by itself.",
    ],
    scenarios: ["region-loss"],
  },
  SnapshotFailing: {
    act: [
      "The log names what the disk answers. ENOSPC: make room, or enlarge the claim; EROFS or EIO: the disk is breaking, move to the standby before it takes the journal along; EACCES: somebody changed the directory's owner or mode.",
      "The engine tries again every ten seconds and says when a snapshot was written; nothing has to be restarted.",
    ],
  },
  EngineCertificateExpiring: {
    act: [
      "CertificateExpiring fires too: cert-manager did not renew it; `kubectl --namespace trading describe certificate engine-certificate` says why.",
      "It does not: the engine refuses the new one, and its log (component `tls`) names the file and what is wrong with it. See docs/certificates.md.",
    ],
  },
  StandbyMissing: { act: ["A second fault would be an outage: see why the pod does not start before the night."] },
  CrashLoop: { scenarios: ["bad-release"] },
  EngineIncomplete: { scenarios: ["bad-release", "zone-loss"] },
  GatewayDown: { scenarios: ["bad-release", "region-loss"] },
  NodeNotReady: { scenarios: ["zone-loss"] },
  BackupLate: { scenarios: ["corrupted-data"] },
  TradingStopped: {
    act: [
      "Somebody stopped trading, on purpose or by mistake: the audit log says who. `npm run operate -- maintenance production off` resumes.",
    ],
  },
  RiskLimitNear: {
    act: [
      "Tell the risk officer. Limits are changed by a reviewed change of environments/production.ts, never in a hurry.",
    ],
  },
};

/** @throws when the alert's component has no remedy: whoever adds a component says here what to do about it */
export function remedyFor(alert: string, component: string): Required<Remedy> {
  const general = BY_COMPONENT[component];
  if (!general)
    throw new Error(
      `operations/runbooks/remedies.ts: no remedy for component "${component}" (alert ${alert}); add one`,
    );
  const particular = BY_ALERT[alert] ?? {};
  return {
    look: [...(particular.look ?? []), ...general.look],
    act: [...(particular.act ?? []), ...general.act],
    scenarios: [...new Set([...(particular.scenarios ?? []), ...(general.scenarios ?? [])])],
  };
}

/** Alerts that are named above. Each must exist. */
export const PARTICULAR_ALERTS = Object.keys(BY_ALERT);
