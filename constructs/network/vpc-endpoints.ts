import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

/** AWS services that nodes and pods of a private cluster call. Source: EKS User Guide, "Deploy private clusters". */
export const PRIVATE_CLUSTER_SERVICES = [
  "ec2",
  "ecr.api",
  "ecr.dkr",
  "eks",
  "eks-auth",
  "elasticloadbalancing",
  "kms",
  "logs",
  "secretsmanager",
  "ssm",
  "sts",
] as const;

export interface VpcEndpointsProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
  /**
   * Services reached through an interface endpoint; each costs by the hour and zone.
   * @default - none: traffic to them leaves through NAT
   */
  readonly interfaceServices?: readonly string[];
}

/**
 * Keeps traffic to AWS services inside the network. Gateway endpoints (S3, DynamoDB) cost nothing and are always there.
 */
export class VpcEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const { names, vpcId } = props;
    const serviceName = (service: string) => `com.amazonaws.${names.region}.${service}`;
    for (const service of ["s3", "dynamodb"]) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: serviceName(service),
        vpcEndpointType: "Gateway",
        routeTableIds: props.routeTableIds,
        tags: { Name: names.of(service) },
      });
    }
    const services = props.interfaceServices ?? [];
    if (services.length === 0) return;
    const group = this.firewall(props);
    for (const service of services) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: serviceName(service),
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: props.subnetIds,
        securityGroupIds: [group.id],
        tags: { Name: names.of(service.replace(".", "-")) },
      });
    }
  }

  private firewall({ names, vpcId, vpcCidr }: VpcEndpointsProps): SecurityGroup {
    const group = new SecurityGroup(this, "firewall", {
      name: names.of("endpoints"),
      description: "HTTPS from inside the VPC to AWS services",
      vpcId,
      tags: { Name: names.of("endpoints") },
    });
    new VpcSecurityGroupIngressRule(this, "https", {
      securityGroupId: group.id,
      description: "AWS APIs from inside the VPC",
      cidrIpv4: vpcCidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    });
    return group;
  }
}
