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
      "If a release was deployed within the last hour: `npm run operate -- rollback production`.",
      "If customers are being harmed and the cause is not known: `npm run operate -- maintenance production on`, which stops order entry and leaves books and positions readable.",
    ],
  },
  gateway: {
    look: [
      `${kubectlFront} get pods --selector app.kubernetes.io/name=gateway -o wide`,
      `${kubectlFront} logs deployment/gateway --since 15m --tail 200`,
    ],
    act: [
      "If the load is genuine: `npm run operate -- scale production gateway.max <more>`.",
      "If it started after a deploy: `npm run operate -- rollback production`.",
    ],
  },
  edge: {
    look: [
      "curl --silent --show-error --include https://trade.hft.example.com/health",
      "Cloudflare's dashboard: health of the pools, and status.cloudflare.com",
    ],
    act: ["If the origin is healthy and users are cut off, follow origin-out-of-sight."],
    scenarios: ["origin-out-of-sight", "region-loss"],
  },
  kubernetes: {
    look: [
      `${kubectl} get pods -o wide`,
      `${kubectlFront} get pods -o wide`,
      `${kubectl} get events --sort-by .lastTimestamp`,
    ],
    act: [
      "If a release was deployed within the last hour: `npm run operate -- rollback production`.",
      "If pods are pending for lack of capacity: `npm run operate -- scale production nodePools.general.maxNodes <more>`.",
    ],
  },
  node: {
    look: ["kubectl --context <cluster> get nodes -o wide", "kubectl --context <cluster> describe node <node>"],
    act: [
      "If the node is faulty: `kubectl --context <cluster> drain <node> --ignore-daemonsets --delete-emptydir-data`, then terminate its instance; the pool starts a new one.",
      "If it is an engine's node, first check that the other engine is a working standby (StandbyMissing is silent; with two regions the standby is in the other region).",
    ],
    scenarios: ["zone-loss"],
  },
  monitoring: {
    look: ["kubectl --context <cluster> --namespace monitoring get pods", "Prometheus: Status, Targets"],
    act: ["Until this is repaired, other alerts may not fire: check the dashboards by hand."],
  },
  recovery: {
    look: [engineMetrics, `${kubectl} get jobs,cronjobs`],
    act: ["If a backup is missing: `npm run operate -- backup production`."],
  },
  secrets: {
    look: [
      `${kubectl} get externalsecrets`,
      "kubectl --context <cluster> --namespace external-secrets logs deployment/external-secrets --since 30m",
    ],
    act: ["If the secret itself has expired or leaked: `npm run operate -- rotate production <secret>`."],
    scenarios: ["expired-secret"],
  },
  logging: {
    look: ["kubectl --context <cluster> --namespace node-agents logs daemonset/log-shipper --since 30m --tail 100"],
    act: [
      "No log records are lost while the node's buffer has room; repair this before the buffer is full (NodeDiskLow).",
    ],
  },
};

/** What is particular to an alert, in addition to its component's. */
const BY_ALERT: Readonly<Record<string, Partial<Remedy>>> = {
  NoActiveEngine: {
    act: [
      "Find out which of the scenarios below applies before you restart anything: two active engines are worse than none.",
    ],
    scenarios: ["region-loss", "zone-loss", "bad-release"],
  },
  TwoActiveEngines: {
    act: [
      "Immediately run `npm run operate -- maintenance production on`. The engine with the lower epoch must stop: delete its pod. Reconcile before trading resumes.",
    ],
    scenarios: ["region-loss"],
  },
  PublicEndpointDown: { scenarios: ["region-loss", "zone-loss", "origin-out-of-sight"] },
  DependencyDown: {
    act: [
      "The engine keeps trading and updates the dependency from its journal later; repair the dependency, not the engine.",
      "Exception: if `/health` reports STORE_AHEAD, the store has events that a previous active engine wrote without its standby. Nothing is written to it, even after restarts. Copy the store, then give the engine an empty one or restore the store to a time before those events ([recovery options](../engine.md#damage)).",
    ],
    scenarios: ["database-primary-loss"],
  },
  StoreBehind: { scenarios: ["database-primary-loss", "corrupted-data"] },
  StandbyBehind: {
    act: [
      "Do not fail over now unless the region is lost: a planned promotion is refused, and commands that the standby lacks would remain on the lost engine's disks.",
    ],
  },
  StandbyAbsent: {
    act: [
      "Find out why it is gone: check its pod, its node and the connection between the regions (port 7400). It attaches automatically when it is back.",
      "If it will be away for longer than trading can wait: `npm run operate -- continue-alone production`; from then on durable means on one disk.",
    ],
  },
  StandbyCatchingUp: {
    act: [
      "If hft_replication_lag_seconds falls, wait. If it does not, the standby's disk or the connection is slower than the order flow; check both before you move writes.",
    ],
  },
  AcknowledgedOrdersSetAside: {
    act: [
      "Inspect them, with an operator's token in HFT_OPERATOR_TOKEN: `npm run operate -- set-aside list production` lists the files and the engines that have them, `npm run operate -- set-aside show production <file>` the commands with their accounts.",
      "Decide together with the trading desk, because prices have moved since. To enter the commands again: `npm run operate -- set-aside replay production <file>`. It fetches the file from the engine that has it, sends it to the active engine, and reports for each command whether it was accepted, already exists or was refused, and why. Commands that the old engine had refused, and orders that it had ended without a trade, are not entered (refused-before). Orders that clients have since sent or changed again are not touched, so you can repeat the command, even after an interruption. A file above 64 MiB is refused (BODY_TOO_LARGE): copy it into the active engine's journal directory first (kubectl cp).",
      "OUTCOMES_UNKNOWN: the file does not record which commands its engine had refused (an older release wrote it, or no snapshot was old enough). `npm run operate -- set-aside replay production <file> --enter-unknown` enters them anyway. An order may then be open although its client was told that it was refused: compare the orders with outcome unknown with what their clients were told, and cancel those that were refused.",
      "Notify the customers whose orders are not entered again.",
    ],
    scenarios: ["region-loss"],
  },
  JournalSlow: {
    act: [
      "If /health shows the replication as `waiting`, the standby does not respond and orders are not acknowledged as durable. If the standby will be back within minutes, wait. If its region or its engine is lost: `npm run operate -- continue-alone production`; from then on durable means on one disk, until the standby attaches again.",
    ],
    scenarios: ["region-loss"],
  },
  SnapshotFailing: {
    act: [
      "The log contains the disk's error. ENOSPC: free some space, or enlarge the volume claim. EROFS or EIO: the disk is failing; move to the standby before the journal is affected. EACCES: the directory's owner or mode was changed.",
      "The engine tries again every ten seconds and logs when a snapshot was written; no restart is needed.",
    ],
  },
  EngineCertificateExpiring: {
    act: [
      "If CertificateExpiring fires too, cert-manager did not renew the certificate; `kubectl --namespace trading describe certificate engine-certificate` shows why.",
      "If it does not, the engine rejects the new certificate, and its log (component `tls`) names the file and the problem. See docs/certificates.md.",
    ],
  },
  StandbyMissing: { act: ["A second fault would cause an outage: find out today why the pod does not start."] },
  CrashLoop: { scenarios: ["bad-release"] },
  EngineIncomplete: { scenarios: ["bad-release", "zone-loss"] },
  GatewayDown: { scenarios: ["bad-release", "region-loss"] },
  NodeNotReady: { scenarios: ["zone-loss"] },
  BackupLate: { scenarios: ["corrupted-data"] },
  TradingStopped: {
    act: [
      "Somebody stopped trading, on purpose or by mistake; the audit log says who. `npm run operate -- maintenance production off` resumes it.",
    ],
  },
  RiskLimitNear: {
    act: [
      "Inform the risk officer. Limits are changed by a reviewed change of environments/production.ts, never under time pressure.",
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
