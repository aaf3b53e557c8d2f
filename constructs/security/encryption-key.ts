import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allowAnywhere, policyDocument, type Statement } from "./policy";

const DELETION_WINDOW_DAYS = 30;
const AUTO_SCALING_ROLE = "aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling";
/** The shortest that KMS takes, where nothing is worth waiting for. */
const SHORTEST_DELETION_WINDOW_DAYS = 7;

export interface EncryptionKeyProps {
  /** Names in the key's home region. */
  readonly names: Names;
  readonly accountId: string;
  /** Purpose of the key: "data", "state". */
  readonly name: string;
  readonly description: string;
  /**
   * Further regions that decrypt what the home region encrypts.
   * @default - none; the key can still be replicated later
   */
  readonly replicaRegions?: readonly string[];
  /** Prevents plans that destroy the key: without it, everything that it encrypted is lost. */
  readonly protect: boolean;
}

/**
 * A multi-region KMS key: one key material under one id, with a copy in each further region, so that a replica, a
 * restored backup or a replicated secret is readable where its home region is gone.
 * An ordinary key's ciphertext dies with its region.
 */
export class EncryptionKey extends Construct {
  private readonly arns = new Map<string, string>();

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const { names, name } = props;
    const primary = new KmsKey(this, "primary", {
      description: props.description,
      multiRegion: true,
      enableKeyRotation: true,
      ...this.settings(props, names.region),
    });
    primary.overrideLogicalId(`key_${name}`);
    this.publish(props, names.region, primary);
    for (const region of props.replicaRegions ?? []) {
      const replica = new KmsReplicaKey(this, `replica-${region}`, {
        region,
        description: props.description,
        primaryKeyArn: primary.arn,
        ...this.settings(props, region),
      });
      replica.overrideLogicalId(`key_${name}_${region}`);
      this.publish(props, region, replica);
    }
  }

  /** ARN of the key in one of its regions. */
  arnIn(region: string): string {
    const arn = this.arns.get(region);
    if (arn) return arn;
    const known = [...this.arns.keys()].join(", ");
    throw new Error(
      `${this.node.path}: the key has no copy in ${region}; choose one of ${known} or add a replica region`,
    );
  }

  private settings({ accountId, protect, names, name }: EncryptionKeyProps, region: string) {
    return {
      deletionWindowInDays: protect ? DELETION_WINDOW_DAYS : SHORTEST_DELETION_WINDOW_DAYS,
      policy: keyPolicy(accountId, region),
      tags: { Name: names.in(region).of(name) },
      lifecycle: protect ? { preventDestroy: true } : undefined,
    };
  }

  private publish({ names, name }: EncryptionKeyProps, region: string, key: KmsKey | KmsReplicaKey): void {
    const replica = region !== names.region;
    new KmsAlias(this, replica ? `alias-${region}` : "alias", {
      region: replica ? region : undefined,
      name: `alias/${names.in(region).of(name)}`,
      targetKeyId: key.keyId,
    });
    this.arns.set(region, key.arn);
  }
}

/**
 * The account's IAM policies decide who uses the key; beside them, three services that call on their own behalf. Auto
 * Scaling is named by a condition, since KMS refuses a principal that does not exist yet, and its role comes with the
 * first group. Sources: CloudWatch Logs User Guide, "Encrypt log data"; SNS Developer Guide, "Enable compatibility
 * between event sources and encrypted topics"; EC2 Auto Scaling User Guide, "Required KMS key policy for use with
 * encrypted volumes".
 */
function keyPolicy(accountId: string, region: string): string {
  const use = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];
  const autoScaling = {
    StringEquals: { "kms:CallerAccount": accountId },
    ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${accountId}:role/${AUTO_SCALING_ROLE}` },
  };
  const statements: Statement[] = [
    allowAnywhere(["kms:*"], "In a key policy the star is this key, IAM decides", {
      Principal: { AWS: `arn:aws:iam::${accountId}:root` },
    }),
    allowAnywhere(use, "Log groups of this account, star is this key", {
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Condition: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:*` } },
    }),
    allowAnywhere(["kms:Decrypt", "kms:GenerateDataKey*"], "Alarms to encrypted topics, star is this key", {
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": accountId } },
    }),
    allowAnywhere(use, "Encrypted disks of node groups, star is this key", {
      Principal: { AWS: "*" },
      Condition: autoScaling,
    }),
    // Grants only for the volumes that EC2 makes on its behalf: nobody else can be given the key.
    allowAnywhere(["kms:CreateGrant"], "Grants for disks of node groups, star is this key", {
      Principal: { AWS: "*" },
      Condition: { ...autoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
    }),
  ];
  return policyDocument(...statements);
}
