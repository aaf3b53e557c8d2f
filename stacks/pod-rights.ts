import type { AwsNeed } from "../charts";
import { allow, Bucket, CacheUsers, type Statement, Streaming } from "../constructs";
import { cacheIdOf, type Names } from "../vocabulary";

/** Where pods run: what their rights are spelled with. */
export interface PodSite {
  readonly names: Names;
  readonly accountId: string;
  /** Key of the region, with which buckets are encrypted. */
  readonly keyArn: string;
}

/**
 * Turns what a workload needs of AWS into the statements of its role, each restricted to this region's own resources.
 */
export function rightsFor(need: AwsNeed, site: PodSite): Statement[] {
  switch (need.kind) {
    case "brokers":
      return brokerRights(site);
    case "cache":
      return [CacheUsers.rightToConnect(site.names, site.accountId, cacheIdOf(site.names), need.user)];
    case "write-backups":
      return [...readBackups(site, need.folder), writeBackups(site, need.folder), useKey(site)];
    case "read-backups":
      return [...readBackups(site, need.folder), useKey(site)];
    case "write-logs":
      return [writeLogs(site, need.logGroups)];
  }
}

/** Source: MSK Developer Guide, "Semantics of IAM authorization policy actions and resources". */
function brokerRights({ names, accountId }: PodSite): Statement[] {
  // The id behind the cluster's name is AWS's choice.
  const arn = (kind: string, rest: string) =>
    `arn:aws:kafka:${names.region}:${accountId}:${kind}/${Streaming.nameOf(names)}/${rest}`;
  return [
    allow(
      ["kafka-cluster:Connect", "kafka-cluster:DescribeCluster", "kafka-cluster:WriteDataIdempotently"],
      [arn("cluster", "*")],
    ),
    allow(
      [
        "kafka-cluster:CreateTopic",
        "kafka-cluster:DescribeTopic",
        "kafka-cluster:DescribeTopicDynamicConfiguration",
        "kafka-cluster:AlterTopic",
        "kafka-cluster:ReadData",
        "kafka-cluster:WriteData",
      ],
      [arn("topic", "*/*")],
    ),
    allow(["kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup"], [arn("group", "*/*")]),
  ];
}

const backupBucket = ({ names, accountId }: PodSite) => Bucket.arnOf(names, accountId, "backup");

function readBackups(site: PodSite, folder: string): Statement[] {
  const bucket = backupBucket(site);
  return [
    allow(["s3:ListBucket"], [bucket], { Condition: { StringLike: { "s3:prefix": `${folder}/*` } } }),
    allow(["s3:GetObject"], [`${bucket}/${folder}/*`]),
  ];
}

/** No right to delete: the lifecycle does that. */
function writeBackups(site: PodSite, folder: string): Statement {
  return allow(["s3:PutObject", "s3:AbortMultipartUpload"], [`${backupBucket(site)}/${folder}/*`]);
}

function useKey({ names, keyArn }: PodSite): Statement {
  return allow(["kms:Decrypt", "kms:GenerateDataKey"], [keyArn], {
    Condition: { StringEquals: { "kms:ViaService": `s3.${names.region}.amazonaws.com` } },
  });
}

function writeLogs({ names, accountId }: PodSite, logGroups: readonly string[]): Statement {
  return allow(
    ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    logGroups.map((name) => `arn:aws:logs:${names.region}:${accountId}:log-group:${name}:*`),
  );
}
