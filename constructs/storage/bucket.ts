import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketObjectLockConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-object-lock-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { type ITerraformDependable, Lazy } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { deny, policyDocument, type Statement } from "../security/policy";

/** After this many days the parts of an upload that was never finished go away. */
const UNFINISHED_UPLOAD_DAYS = 7;

/** How long objects are kept, and where. */
interface Retention {
  /** Days until an object moves to Glacier Instant Retrieval. @default - never */
  readonly archiveAfterDays?: number;
  /** Days until an object expires. @default - never */
  readonly expireAfterDays?: number;
  /** Days until an object expires, by folder. @default - only `expireAfterDays` */
  readonly expireFoldersAfterDays?: Readonly<Record<string, number>>;
  /** Days that an overwritten or deleted version can still be restored. */
  readonly restorableDays: number;
}

/** Keeps every object from deletion for a time. */
interface ObjectLock {
  /** `governance` may be lifted by who holds the right, `compliance` by nobody, not even the root account. */
  readonly mode: "governance" | "compliance";
  readonly days: number;
}

export interface BucketProps {
  /** Names in the bucket's region. */
  readonly names: Names;
  /** Completes the name: S3 shares its names among all accounts of the world. */
  readonly accountId: string;
  /** What the bucket holds: "audit". */
  readonly name: string;
  /**
   * KMS key in the bucket's region.
   * @default - S3's own encryption, which a bucket that CloudFront reads needs no key policy for
   */
  readonly keyArn?: string;
  readonly retention: Retention;
  /** @default - objects may be deleted */
  readonly lock?: ObjectLock;
  /** Refuses to plan the bucket's destruction, and to delete it while it holds objects. */
  readonly protect: boolean;
  /** Data class, where it differs from the environment's. @default - the environment's */
  readonly dataClass?: "public" | "internal" | "confidential" | "restricted";
  /** Region, where it differs from the provider's. @default - the provider's */
  readonly region?: string;
}

/**
 * An S3 bucket as this platform has them all: versioned, encrypted, closed to the public and to plain HTTP, owned by
 * the account alone, with a lifecycle. Its name is known beforehand (`Bucket.nameOf`), so that another region's stack
 * can refer to it while this region is gone.
 */
export class Bucket extends Construct {
  /** Name that the bucket of an environment and region has. */
  static nameOf(names: Names, accountId: string, name: string): string {
    return names.of(`${name}-${accountId}`);
  }

  static arnOf(names: Names, accountId: string, name: string): string {
    return `arn:aws:s3:::${Bucket.nameOf(names, accountId, name)}`;
  }

  readonly bucketName: string;
  readonly arn: string;
  /** `<bucket>.s3.<region>.amazonaws.com` */
  readonly domainName: string;
  /** Replication may be configured once this exists. */
  readonly versioning: ITerraformDependable;
  private readonly statements: Statement[] = [];

  constructor(scope: Construct, id: string, props: BucketProps) {
    super(scope, id);
    const { names, accountId, name, region } = props;
    const bucket = new S3Bucket(this, "bucket", {
      region,
      bucket: Bucket.nameOf(names, accountId, name),
      forceDestroy: !props.protect,
      objectLockEnabled: props.lock !== undefined,
      tags: props.dataClass ? { "data-class": props.dataClass } : undefined,
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    bucket.overrideLogicalId(region ? `bucket_${name}_${region}` : `bucket_${name}`);
    this.bucketName = bucket.bucket;
    this.arn = bucket.arn;
    this.domainName = bucket.bucketRegionalDomainName;
    const versioning = new S3BucketVersioningA(this, "versioning", {
      region,
      bucket: bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    this.versioning = versioning;
    this.encrypt(props);
    this.close(region);
    this.keep(props, versioning);
  }

  /** Adds a statement to the bucket's policy: CloudFront reading it, a load balancer writing logs. */
  allow(statement: Statement): void {
    this.statements.push(statement);
  }

  private encrypt({ region, keyArn }: BucketProps): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      region,
      bucket: this.bucketName,
      rule: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: keyArn ? "aws:kms" : "AES256", kmsMasterKeyId: keyArn },
          bucketKeyEnabled: keyArn !== undefined,
        },
      ],
    });
  }

  private close(region?: string): void {
    const block = new S3BucketPublicAccessBlock(this, "public-access", {
      region,
      bucket: this.bucketName,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketOwnershipControls(this, "ownership", {
      region,
      bucket: this.bucketName,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const tlsOnly = deny(["s3:*"], [this.arn, `${this.arn}/*`], {
      Sid: "TlsOnly",
      Principal: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    new S3BucketPolicy(this, "policy", {
      region,
      bucket: this.bucketName,
      policy: Lazy.stringValue({ produce: () => policyDocument(tlsOnly, ...this.statements) }),
      // Both change the same settings of the bucket; S3 refuses the second of two at once.
      dependsOn: [block],
    });
  }

  private keep({ region, retention, lock }: BucketProps, versioning: S3BucketVersioningA): void {
    const { archiveAfterDays, expireAfterDays, expireFoldersAfterDays = {}, restorableDays } = retention;
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      region,
      bucket: this.bucketName,
      rule: [
        {
          id: "retention",
          status: "Enabled",
          filter: [{ prefix: "" }],
          transition: archiveAfterDays ? [{ days: archiveAfterDays, storageClass: "GLACIER_IR" }] : undefined,
          expiration: expireAfterDays ? [{ days: expireAfterDays }] : undefined,
          noncurrentVersionExpiration: [{ noncurrentDays: restorableDays }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: UNFINISHED_UPLOAD_DAYS }],
        },
        ...Object.entries(expireFoldersAfterDays).map(([folder, days]) => ({
          id: `retention-${folder}`,
          status: "Enabled",
          filter: [{ prefix: `${folder}/` }],
          expiration: [{ days }],
        })),
      ],
      dependsOn: [versioning],
    });
    if (!lock) return;
    new S3BucketObjectLockConfigurationA(this, "lock", {
      region,
      bucket: this.bucketName,
      rule: { defaultRetention: { mode: lock.mode.toUpperCase(), days: lock.days } },
      dependsOn: [versioning],
    });
  }
}
