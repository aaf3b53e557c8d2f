import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";

export interface PublicZoneProps {
  /** "aws.example.com", see `originZone`. */
  readonly zone: string;
  /** Refuses to plan the zone's destruction: its name servers would change, and the delegation to it with them. */
  readonly protect: boolean;
}

/**
 * The Route 53 zone in which AWS resources have their names: origins, static files and certificates' proofs. The zone
 * above it delegates to `nameServers`.
 */
export class PublicZone extends Construct {
  readonly zoneId: string;
  readonly zoneName: string;
  readonly nameServers: string[];

  constructor(scope: Construct, id: string, props: PublicZoneProps) {
    super(scope, id);
    const zone = new Route53Zone(this, "zone", {
      name: props.zone,
      comment: "Origins, static files and proofs of certificates",
      // Proofs come and go with certificates, made by cert-manager.
      forceDestroy: !props.protect,
      lifecycle: props.protect ? { preventDestroy: true } : undefined,
    });
    zone.overrideLogicalId("public_zone");
    this.zoneId = zone.zoneId;
    this.zoneName = zone.name;
    this.nameServers = zone.nameServers;
  }
}
