import { CLOCK, ENGINE, KUBERNETES, LOGS, OPERATORS } from "../metrics";
import { type Alert, minutes } from "./alert";

const HOUR_SECONDS = 3600;
const CERTIFICATE_DAYS = 14;

/** Oldest that the newest backup of a kind may be: its interval and the time that a run may take. */
const BACKUP_AGE_HOURS_MAX = { database: 7, journal: 2, configuration: 25 } as const;

export interface RecoveryPromises {
  readonly rpoSeconds: number;
  /** Whether an active engine has a standby that acknowledgements wait for. */
  readonly replicated: boolean;
}

/** Whether what would be lost in a disaster is as little as promised. */
export function recoveryAlerts({ rpoSeconds, replicated }: RecoveryPromises): Alert[] {
  return [
    ...(replicated ? standbyAlerts() : []),
    {
      name: "StandbyBehind",
      severity: "critical",
      component: "recovery",
      expr: `max(${ENGINE.replicationLag}) > ${rpoSeconds}`,
      forSeconds: 30,
      summary: "The standby engine is {{ $value | humanizeDuration }} behind",
      meaning: `A failure now would lose more than the ${rpoSeconds} s that the recovery point objective allows.`,
    },
    {
      name: "StandbyFallingBehind",
      severity: "warning",
      component: "recovery",
      expr: `max(${ENGINE.replicationLag}) > ${rpoSeconds / 2}`,
      forSeconds: minutes(1),
      summary: "The standby engine is {{ $value | humanizeDuration }} behind, half of what is allowed",
      meaning: "The link or the standby is too slow; the recovery point objective is in danger.",
    },
    {
      name: "StoreBehind",
      severity: "critical",
      component: "recovery",
      expr: `max by (dependency) (${ENGINE.projectionLag}) > ${rpoSeconds}`,
      forSeconds: minutes(1),
      summary: "{{ $labels.dependency }} is {{ $value | humanizeDuration }} behind the journal",
      meaning: "Readers of that store see outdated orders. If the journal were also lost, data would be lost.",
    },
    {
      name: "BackupLate",
      severity: "critical",
      component: "recovery",
      expr: Object.entries(BACKUP_AGE_HOURS_MAX)
        .map(
          ([kind, hours]) => `time() - max by (kind) (${ENGINE.lastBackup}{kind="${kind}"}) > ${hours * HOUR_SECONDS}`,
        )
        .join(" or "),
      forSeconds: minutes(10),
      summary: "The newest {{ $labels.kind }} backup is {{ $value | humanizeDuration }} old",
      meaning: "A restore would lose more than planned. Run the backup by hand, then find out why it did not run.",
    },
    {
      name: "JobFailed",
      severity: "warning",
      component: "recovery",
      expr: `max by (job_name) (${KUBERNETES.jobFailed}{namespace="trading"}) > 0`,
      forSeconds: minutes(1),
      summary: "The job {{ $labels.job_name }} has failed",
      meaning: "A backup, a migration or a restore did not finish; its log says why.",
    },
    {
      name: "NodeClockWrong",
      severity: "critical",
      component: "node",
      expr: `max by (node) (abs(${CLOCK.offset})) > 100e-6 or max by (node) (1 - ${CLOCK.up}) == 1`,
      forSeconds: minutes(5),
      summary: "The clock of {{ $labels.node }} is wrong, or its chrony does not respond",
      meaning: "MiFID II (RTS 25) allows 100 µs of divergence from UTC on the nodes of the engines.",
    },
    {
      name: "CertificateExpiring",
      severity: "critical",
      component: "gateway",
      expr: `min by (name) (${OPERATORS.certificateExpiry}) - time() < ${CERTIFICATE_DAYS * 24 * HOUR_SECONDS}`,
      forSeconds: minutes(10),
      summary: "The certificate {{ $labels.name }} expires in {{ $value | humanizeDuration }}",
      meaning:
        "Renewal starts 30 days before it expires and has failed for two weeks; when it expires, users are locked out.",
    },
    {
      name: "EngineCertificateExpiring",
      severity: "critical",
      component: "engine",
      expr: `min by (pod) (${ENGINE.certificateExpiry}) - time() < ${CERTIFICATE_DAYS * 24 * HOUR_SECONDS}`,
      forSeconds: minutes(10),
      summary: "The certificate of {{ $labels.pod }} expires in {{ $value | humanizeDuration }}",
      meaning:
        "It should have been renewed 30 days before it expires: either it was not, or the engine did not load it. When it expires, the gateway and the other engine reject this engine.",
    },
    {
      name: "SecretNotSynchronised",
      severity: "critical",
      component: "secrets",
      expr: `max by (namespace, name) (${OPERATORS.secretCondition}{condition="Ready", status="False"}) == 1`,
      forSeconds: minutes(15),
      summary: "{{ $labels.namespace }}/{{ $labels.name }} is not in sync with Secrets Manager",
      meaning: "A rotated password does not reach its pods; they fail when the old one is no longer valid.",
    },
    {
      name: "LogsNotShipped",
      severity: "warning",
      component: "logging",
      expr: `sum by (pod) (increase(${LOGS.retriesFailed}[10m])) > 0`,
      forSeconds: minutes(5),
      summary: "{{ $labels.pod }} drops log records",
      meaning: "Records are missing from the log search and from the archive that the regulator requires.",
    },
  ];
}

/**
 * What the active engine says of its standby. The lag alone would not do: before there was a standby, nobody knows it.
 */
function standbyAlerts(): Alert[] {
  return [
    {
      name: "StandbyAbsent",
      severity: "critical",
      component: "recovery",
      expr: `max(${ENGINE.standby}{state="absent"}) > 0`,
      forSeconds: minutes(2),
      summary: "The active engine has no standby",
      meaning:
        "Orders wait to become durable, or, after continue-alone, durable means on one disk: losing that disk loses acknowledged orders.",
    },
    {
      name: "StandbyCatchingUp",
      severity: "warning",
      component: "recovery",
      expr: `max(${ENGINE.standby}{state="catching-up"}) > 0`,
      forSeconds: minutes(10),
      summary: "The standby engine is connected but does not catch up",
      meaning:
        "It lacks acknowledged orders, so writes cannot move to it: its disk or the connection to it is too slow.",
    },
    {
      name: "AcknowledgedOrdersSetAside",
      severity: "critical",
      component: "recovery",
      expr: `max by (pod) (${ENGINE.setAside}{acknowledged="yes"}) > 0`,
      forSeconds: 0,
      summary: "{{ $value }} acknowledged commands are missing from the active engine's history",
      meaning:
        "The engine acknowledged them without its standby, and then writes moved to the other engine. They are on the disk of {{ $labels.pod }}; customers believe that they are valid.",
    },
  ];
}
