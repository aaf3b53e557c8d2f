export { Cluster } from "./cluster/cluster";
export { ClusterAddons } from "./cluster/cluster-addons";
export { NodePool } from "./cluster/node-pool";
export { NodeRole } from "./cluster/node-role";
export { PodRole } from "./cluster/pod-role";
export { Cache } from "./data/cache";
export { CacheUsers } from "./data/cache-users";
export { Database } from "./data/database";
export { StreamReplication } from "./data/stream-replication";
export { Streaming } from "./data/streaming";
export { EdgeLoadBalancer } from "./edge/edge-load-balancer";
export { EdgeRules } from "./edge/edge-rules";
export { EdgeZone } from "./edge/edge-zone";
export { OriginLoadBalancer } from "./edge/origin-load-balancer";
export { PublicZone } from "./edge/public-zone";
export { StaticSite } from "./edge/static-site";
export {
  checkLane,
  type LaneNode,
  type LaneWorkload,
  LowLatencyPool,
  laneEngines,
  readLaneNodes,
} from "./low-latency";
export { EngineEntrance } from "./network/engine-entrance";
export { FlowLogs } from "./network/flow-logs";
export { OnPremisesLink } from "./network/on-premises-link";
export { RegionPeering } from "./network/region-peering";
export { Vpc } from "./network/vpc";
export { PRIVATE_CLUSTER_SERVICES, VpcEndpoints } from "./network/vpc-endpoints";
export { type AlarmDefinition, Alarms } from "./observability/alarms";
export { AlertTopic } from "./observability/alert-topic";
export { auditAlarms } from "./observability/audit-alarms";
export { AuditDelivery } from "./observability/audit-delivery";
export { Budget } from "./observability/budget";
export { cacheAlarms } from "./observability/cache-alarms";
export { databaseAlarms } from "./observability/database-alarms";
export { LogGroup } from "./observability/log-group";
export { originAlarms } from "./observability/origin-alarms";
export { backupAlarms, bucketReplicationAlarms, restoreAlarms } from "./observability/recovery-alarms";
export { streamingAlarms, streamReplicationAlarms } from "./observability/streaming-alarms";
export { BackupPlan } from "./recovery/backup-plan";
export { RestoreTest } from "./recovery/restore-test";
export { EncryptionKey } from "./security/encryption-key";
export { Peer } from "./security/firewall";
export { GithubDeployRoles } from "./security/github-deploy-roles";
export {
  allow,
  allowAnywhere,
  type Statement,
} from "./security/policy";
export { Secret, type SecretProps } from "./security/secret";
export { SecretRotation } from "./security/secret-rotation";
export { Bucket } from "./storage/bucket";
export { BucketReplication } from "./storage/bucket-replication";
export { ContainerRegistry } from "./storage/container-registry";
export { DiskEncryption } from "./storage/disk-encryption";
export { RemoteState } from "./storage/remote-state";
