import { S3BucketReplicationConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-replication-configuration";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allow, assumableBy, type Statement } from "../security/policy";
import { ServiceRole } from "../security/service-role";

/** The threshold that S3's replication time control knows. */
const REPLICATION_MINUTES = 15;

/** One end of a replication. */
export interface ReplicatedBucket {
  readonly region: string;
  readonly bucketName: string;
  /** KMS key of the bucket in its region. @default - the bucket uses S3's own encryption */
  readonly keyArn?: string;
}

export interface BucketReplicationProps {
  /** Names in the source's region. */
  readonly names: Names;
  /** What the buckets hold: "audit". */
  readonly name: string;
  readonly from: ReplicatedBucket;
  readonly to: ReplicatedBucket;
  /** Region of the source, where it differs from the provider's. @default - the provider's */
  readonly region?: string;
  /** Versioning of both buckets, where it is made in the same stack. @default - the buckets exist already */
  readonly after?: ITerraformDependable[];
}

/**
 * Copies a bucket to another region, each object within fifteen minutes (S3 replication time control) and with a metric
 * for what is late. Deletions are copied as markers, never as deletions. It needs both buckets, so it belongs into a
 * stack that is only applied while both regions are there.
 */
export class BucketReplication extends Construct {
  constructor(scope: Construct, id: string, props: BucketReplicationProps) {
    super(scope, id);
    const { names, name, from, to } = props;
    const role = new ServiceRole(this, "role", {
      names,
      name: `${name}-replication`,
      description: `Copies ${from.bucketName} to ${to.region}`,
      trust: assumableBy("s3.amazonaws.com"),
      statements: replicationRights(from, to),
    });
    const minutes = REPLICATION_MINUTES;
    new S3BucketReplicationConfigurationA(this, "replication", {
      region: props.region,
      bucket: from.bucketName,
      role: role.arn,
      dependsOn: [...(props.after ?? []), ...role.rights],
      rule: [
        {
          id: `to-${to.region}`,
          status: "Enabled",
          priority: 0,
          filter: { prefix: "" },
          deleteMarkerReplication: { status: "Enabled" },
          sourceSelectionCriteria: from.keyArn ? { sseKmsEncryptedObjects: { status: "Enabled" } } : undefined,
          destination: {
            bucket: `arn:aws:s3:::${to.bucketName}`,
            encryptionConfiguration: to.keyArn ? { replicaKmsKeyId: to.keyArn } : undefined,
            replicationTime: { status: "Enabled", time: { minutes } },
            metrics: { status: "Enabled", eventThreshold: { minutes } },
          },
        },
      ],
    });
  }
}

/** Source: Amazon S3 User Guide, "Setting up permissions for live replication". */
function replicationRights(from: ReplicatedBucket, to: ReplicatedBucket): Statement[] {
  const [source, target] = [`arn:aws:s3:::${from.bucketName}`, `arn:aws:s3:::${to.bucketName}`];
  const rights = [
    allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], [source]),
    allow(
      [
        "s3:GetObjectVersionForReplication",
        "s3:GetObjectVersionAcl",
        "s3:GetObjectVersionTagging",
        "s3:GetObjectRetention",
        "s3:GetObjectLegalHold",
      ],
      [`${source}/*`],
    ),
    allow(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"], [`${target}/*`]),
  ];
  if (from.keyArn) {
    rights.push(
      allow(["kms:Decrypt"], [from.keyArn], {
        Condition: { StringLike: { "kms:ViaService": `s3.${from.region}.amazonaws.com` } },
      }),
    );
  }
  if (to.keyArn) {
    rights.push(
      allow(["kms:Encrypt", "kms:GenerateDataKey"], [to.keyArn], {
        Condition: { StringLike: { "kms:ViaService": `s3.${to.region}.amazonaws.com` } },
      }),
    );
  }
  return rights;
}
