import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { S3Backend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { Names, RemoteState } from "../constructs";
import type { Environment } from "../environments";

/** Layers of an environment, in the order in which they are deployed. */
export type Layer =
  | "state"
  | "global"
  | "network"
  | "cluster"
  | "data"
  | "addons"
  | "workloads"
  | "replication"
  | "edge";

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
 * A stack of the platform: its name, its backend, its AWS provider and its tags, all of which follow from
 * environment, region and layer.
 */
export abstract class PlatformStack extends TerraformStack {
  readonly names: Names;
  readonly environment: Environment;

  constructor(scope: Construct, props: PlatformStackProps) {
    const { environment, layer, region } = props;
    super(scope, [environment.name, region, layer].filter(Boolean).join("-"));
    this.environment = environment;
    this.names = new Names(environment.name, region ?? "global");
    this.addOverride("terraform.required_version", TERRAFORM_VERSIONS);
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
    new S3Backend(this, {
      bucket: RemoteState.bucketName(this.names.in(region), this.environment.accountId),
      key: `${this.node.id}.tfstate`,
      region,
      encrypt: true,
    });
    // cdktf 0.21 has no property for S3's own locking.
    this.addOverride("terraform.backend.s3.use_lockfile", true);
  }
}

/**
 * Where a layer without a region of its own keeps its state, for ever. The edge moves traffic when the first region is lost,
 * so it lives in the last one, and so does what joins both.
 */
function homeRegion({ regions }: Environment, layer: Layer): string {
  return (layer === "edge" || layer === "replication" ? regions.at(-1) : regions[0])!.name;
}
