import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { RemoteState } from "../constructs";
import type { Environment } from "../environments";
import { type Layer, Names, stackId } from "../vocabulary";

export interface PlatformStackProps {
  readonly environment: Environment;
  readonly layer: Layer;
  /** Region of a regional layer; global layers live in the environment's first region. */
  readonly region?: string;
  /** Region of what the stack creates. @default - that of its state */
  readonly providerRegion?: string;
}

/** Versions of Terraform on which the platform is tested, and older than which write-only arguments are missing. */
const TERRAFORM_VERSIONS = ">= 1.11";

/**
 * The AWS provider that deploys. The installed package was generated from 6.25.0 and serves `~> 6.0` (its own
 * metadata), so the schema stays and the provider is newer: up to 6.25 it calls GetSecretValue at each refresh of a
 * secret's version, also of one written through a write-only argument, which neither pipeline role may
 * (terraform-provider-aws pull request 44876).
 */
const AWS_PROVIDER_VERSION = "6.71.0";

/**
 * A stack of the platform: its name, its backend, its AWS provider and its tags, all of which follow from
 * environment, region and layer.
 */
export abstract class PlatformStack extends TerraformStack {
  readonly names: Names;
  readonly environment: Environment;

  constructor(scope: Construct, props: PlatformStackProps) {
    const { environment, layer, region } = props;
    super(scope, stackId(environment, layer, region));
    this.environment = environment;
    this.names = new Names(environment.name, region ?? "global");
    this.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
    this.addOverride("terraform.required_providers.aws.version", AWS_PROVIDER_VERSION);
    const home = region ?? homeRegion(environment, layer);
    if (layer !== "state") this.keepStateIn(home);
    new AwsProvider(this, "aws", {
      region: props.providerRegion ?? home,
      allowedAccountIds: [environment.accountId],
      // The one place of tags. Resources add only a Name, and a data class where it differs.
      defaultTags: [
        {
          tags: {
            environment: environment.name,
            component: layer,
            owner: environment.owner,
            "cost-centre": environment.costCentre,
            "data-class": environment.dataClass,
          },
        },
      ],
    });
  }

  /** State lies in the region that it describes, so that losing the other region changes nothing. */
  private keepStateIn(region: string): void {
    // Without `encrypt`, which asks for AES256 and so overrides the key that the bucket encrypts with by default.
    // Source: Terraform 1.11, backend "s3": internal/backend/remote-state/s3/client.go.
    new S3Backend(this, {
      bucket: RemoteState.bucketName(this.names.in(region), this.environment.accountId),
      key: `${this.node.id}.tfstate`,
      region,
    });
    // cdktf 0.21 has no property for S3's own locking.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

/**
 * Where a layer without a region of its own keeps its state, for ever. The edge moves traffic when the first region is
 * lost, so it lives in the last one, and so does what joins both.
 */
function homeRegion({ regions }: Environment, layer: Layer): string {
  return (layer === "edge" || layer === "replication" ? regions.at(-1) : regions[0])!.name;
}
