import { EcrLifecyclePolicy } from "@cdktf/provider-aws/lib/ecr-lifecycle-policy";
import { EcrReplicationConfiguration } from "@cdktf/provider-aws/lib/ecr-replication-configuration";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { EcrRepositoryPolicy } from "@cdktf/provider-aws/lib/ecr-repository-policy";
import { Construct } from "constructs";
import { policyDocument } from "../security/policy";

/**
 * Signatures and attestations have no tag either: they refer to their image. ECR removes them within a day of it;
 * whether it would let this rule remove them before, its documentation does not say, so they are kept as long as
 * anybody may go back to a release. Manifests that an index lists are safe: "If an image is referenced by a manifest
 * list, it cannot be expired or archived without the manifest list being deleted or archived first" (Amazon ECR User
 * Guide, "Lifecycle policy evaluation rules").
 */
const UNTAGGED_IMAGE_DAYS = 400;
/**
 * Releases to go back to. Digests in an environment are always among them. Only what has a tag is counted: a release is
 * an index with its tag, and besides a manifest for each platform, its attestation, a signature and a provenance, which
 * ECR counts as images each (aws/containers-roadmap issue 2613).
 */
const RELEASES_KEPT = 100;

export interface ContainerRegistryProps {
  readonly accountId: string;
  /**
   * Repositories, as images name them: "hft-production/engine". The same in all regions, since ECR copies an image
   * under its repository's name and pods of both regions pull the same digest.
   */
  readonly repositories: readonly string[];
  /** Where images are pushed. */
  readonly home: { readonly region: string; readonly keyArn: string };
  /** Regions that get a copy of each image. @default - none */
  readonly replicas?: readonly { readonly region: string; readonly keyArn: string }[];
  /**
   * Roles of other accounts that may read images, to copy them into their own registry. Their accounts have to let
   * them, too.
   * @default - none
   */
  readonly readers?: readonly string[];
  /** Refuses to plan the repositories' destruction. */
  readonly protect: boolean;
}

/**
 * ECR repositories whose tags cannot be moved and whose images are scanned when they arrive. The copies in further
 * regions are repositories of their own, made beforehand: those that ECR's replication would make have none of these
 * settings. ECR copies only what is pushed after replication was configured.
 */
export class ContainerRegistry extends Construct {
  constructor(scope: Construct, id: string, props: ContainerRegistryProps) {
    super(scope, id);
    const { accountId, home, replicas = [], repositories } = props;
    for (const name of repositories) {
      const repository = this.repository(props, name, name, home.keyArn);
      if (props.readers?.length) this.letRead(name, repository, props.readers);
      for (const { region, keyArn } of replicas) this.repository(props, `${name}-${region}`, name, keyArn, region);
    }
    if (replicas.length === 0) return;
    new EcrReplicationConfiguration(this, "replication", {
      replicationConfiguration: {
        rule: [
          {
            destination: replicas.map(({ region }) => ({ region, registryId: accountId })),
            repositoryFilter: repositories.map((filter) => ({ filter, filterType: "PREFIX_MATCH" })),
          },
        ],
      },
    });
  }

  private repository(
    props: ContainerRegistryProps,
    id: string,
    name: string,
    kmsKey: string,
    region?: string,
  ): EcrRepository {
    const repository = new EcrRepository(this, id, {
      region,
      name,
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfiguration: [{ encryptionType: "KMS", kmsKey }],
      forceDelete: !props.protect,
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    repository.overrideLogicalId(`repository_${id.replaceAll("/", "_")}`);
    new EcrLifecyclePolicy(this, `${id}-lifecycle`, { region, repository: repository.name, policy: LIFECYCLE });
    return repository;
  }

  /**
   * The account is named and the role is a condition: a policy that names a role is refused while the role does not
   * exist.
   */
  private letRead(name: string, repository: EcrRepository, readers: readonly string[]): void {
    const policy = policyDocument({
      Sid: "CopiedByTheNextEnvironment",
      Effect: "Allow",
      Principal: { AWS: [...new Set(readers.map(accountOf))] },
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Condition: { StringEquals: { "aws:PrincipalArn": [...readers] } },
    });
    new EcrRepositoryPolicy(this, `${name}-readers`, { repository: repository.name, policy });
  }
}

/** Account of a role's ARN, as a principal. */
function accountOf(roleArn: string): string {
  return `arn:aws:iam::${roleArn.split(":")[4]}:root`;
}

const LIFECYCLE = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: "what no release needs any more",
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: UNTAGGED_IMAGE_DAYS,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: "old releases",
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["*"],
        countType: "imageCountMoreThan",
        countNumber: RELEASES_KEPT,
      },
      action: { type: "expire" },
    },
  ],
});
