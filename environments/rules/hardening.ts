import type { DescribedEnvironment } from "../environment";
import type { Problem } from "../problem";
import type { Rule } from "./rule";

/** What production must have, each with the setting that says so. */
const PRODUCTION_DEMANDS: readonly {
  readonly field: string;
  readonly given: (environment: DescribedEnvironment) => unknown;
  readonly met: (environment: DescribedEnvironment) => boolean;
  readonly remedy: string;
}[] = [
  {
    field: "architecture",
    given: ({ architecture }) => architecture,
    met: ({ architecture }) => architecture !== "single-az",
    remedy: 'choose "multi-az" or "multi-region": a zone may fail',
  },
  {
    field: "kubernetes.publicAccessCidrs",
    given: ({ kubernetes }) => kubernetes.publicAccessCidrs,
    met: ({ kubernetes }) => kubernetes.publicAccessCidrs.length === 0,
    remedy: "leave it empty: the API server is private",
  },
  {
    field: "nodePools.general.capacity",
    given: ({ nodePools }) => nodePools.general.capacity,
    met: ({ nodePools }) => nodePools.general.capacity === "on-demand",
    remedy: 'write "on-demand": spot nodes are reclaimed at two minutes\' notice',
  },
  {
    field: "nodePools.lowLatency.nodes",
    given: ({ nodePools }) => nodePools.lowLatency.nodes,
    met: ({ nodePools }) => nodePools.lowLatency.nodes >= 2,
    remedy: "write at least 2: an active engine and its standby",
  },
  {
    field: "nodePools.lowLatency.capacityReservation",
    given: ({ nodePools }) => nodePools.lowLatency.capacityReservation,
    met: ({ nodePools }) => nodePools.lowLatency.capacityReservation,
    remedy: "write true: a failover cannot wait for capacity",
  },
  {
    field: "database.multiAz",
    given: ({ database }) => database.multiAz,
    met: ({ database }) => database.multiAz,
    remedy: "write true: a zone may fail",
  },
  {
    field: "destructionProtection",
    given: ({ destructionProtection }) => destructionProtection,
    met: ({ destructionProtection }) => destructionProtection,
    remedy: 'write true; to take the environment down, write lifecycle: "retiring" first',
  },
  {
    field: "monitoring.prometheus.replicas",
    given: ({ monitoring }) => monitoring.prometheus.replicas,
    met: ({ monitoring }) => monitoring.prometheus.replicas >= 2,
    remedy: "write at least 2, so that alerts still fire while one restarts",
  },
  {
    field: "monitoring.alertmanagers",
    given: ({ monitoring }) => monitoring.alertmanagers,
    met: ({ monitoring }) => monitoring.alertmanagers >= 2,
    remedy: "write at least 2, so that alerts are still delivered while one restarts",
  },
  {
    field: "monitoring.paging",
    given: ({ monitoring }) => monitoring.paging,
    met: ({ monitoring }) => monitoring.paging,
    remedy: "write true: critical alerts have to page someone",
  },
  {
    field: "logging.engineLevel",
    given: ({ logging }) => logging.engineLevel,
    met: ({ logging }) => logging.engineLevel !== "debug",
    remedy: 'write "info": "debug" slows the engine down',
  },
  {
    field: "database.deletionProtection",
    given: ({ database }) => database.deletionProtection,
    met: ({ database }) => database.deletionProtection,
    remedy: "write true",
  },
  {
    field: "database.backupRetentionDays",
    given: ({ database }) => database.backupRetentionDays,
    met: ({ database }) => database.backupRetentionDays >= 7,
    remedy: "write at least 7",
  },
  {
    field: "cache.replicas",
    given: ({ cache }) => cache.replicas,
    met: ({ cache }) => cache.replicas >= 1,
    remedy: "write at least 1, so that a node may fail",
  },
  {
    field: "cache.snapshotRetentionDays",
    given: ({ cache }) => cache.snapshotRetentionDays,
    met: ({ cache }) => cache.snapshotRetentionDays >= 1,
    remedy: "write at least 1",
  },
  {
    field: "streaming.replicationFactor",
    given: ({ streaming }) => streaming.replicationFactor,
    met: ({ streaming }) => streaming.replicationFactor >= 3 && streaming.minInSyncReplicas >= 2,
    remedy: "write 3, with minInSyncReplicas 2",
  },
  {
    field: "edge.ssl",
    given: ({ edge }) => edge.ssl,
    met: ({ edge }) => edge.ssl === "strict",
    remedy: 'write "strict": Cloudflare checks the origin\'s certificate',
  },
  {
    field: "edge.rateLimitAction",
    given: ({ edge }) => edge.rateLimitAction,
    met: ({ edge }) => edge.rateLimitAction === "block",
    remedy: 'write "block"',
  },
  {
    field: "gateway.min",
    given: ({ gateway }) => gateway.min,
    met: ({ gateway }) => gateway.min >= 2,
    remedy: "write at least 2",
  },
  {
    field: "frontend.min",
    given: ({ frontend }) => frontend?.min,
    met: ({ frontend }) => frontend === undefined || frontend.min >= 2,
    remedy: "write at least 2",
  },
  {
    field: "engine.marketData",
    given: ({ engine }) => engine.marketData,
    met: ({ engine }) => engine.marketData === "live",
    remedy: 'write "live": mock prices belong to development',
  },
  {
    field: "recovery.auditLock",
    given: ({ recovery }) => recovery.auditLock,
    met: ({ recovery }) => recovery.auditLock === "compliance",
    remedy: 'write "compliance": nobody may delete an audit record',
  },
  {
    field: "logging.transactionRetentionDays",
    given: ({ logging }) => logging.transactionRetentionDays,
    met: ({ logging }) => logging.transactionRetentionDays >= 7 * 365,
    remedy: "write 2557, seven years with their leap days, or more",
  },
];

export const productionIsHardened: Rule = (environment): Problem[] =>
  environment.stage !== "production"
    ? []
    : PRODUCTION_DEMANDS.filter(({ met }) => !met(environment)).map(({ field, given, remedy }) => ({
        code: "HFT-PRD-001",
        field,
        fault: `${JSON.stringify(given(environment))} in production`,
        remedy,
      }));
