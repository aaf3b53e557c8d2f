import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone";
import { Construct } from "constructs";

export interface PublicZoneProps {
  /** "aws.example.com", see `originZone`. */
  readonly zone: string;
  /** Prevents plans that destroy the zone: its name servers, and thus the delegation, would change. */
  readonly protect: boolean;
}

/**
 * The Route 53 zone for names of AWS resources: origins, static files and certificate validation records. The parent
 * zone delegates to `nameServers`.
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
