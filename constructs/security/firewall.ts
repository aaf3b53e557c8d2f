import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

/** The other end of a connection. */
export class Peer {
  /** Members of a security group. @param label names the group in rules: "nodes" */
  static group(label: string, securityGroupId: string): Peer {
    return new Peer(label, { referencedSecurityGroupId: securityGroupId });
  }

  /** Addresses of an IPv4 range. @param label names the range in rules: "on-premises" */
  static range(label: string, cidr: string): Peer {
    return new Peer(label, { cidrIpv4: cidr });
  }

  private constructor(
    readonly label: string,
    /** The rule's arguments that name the peer. */
    readonly target: { readonly referencedSecurityGroupId?: string; readonly cidrIpv4?: string },
  ) {}
}

/** TCP ports of a rule: one port, or the first and last of a range. */
export type Ports = number | readonly [first: number, last: number];

export interface FirewallProps {
  readonly names: Names;
  /** The protected resource, such as "database". */
  readonly name: string;
  /** Shown in the AWS console; a change replaces the group. */
  readonly description: string;
  readonly vpcId: string;
}

/**
 * A security group that denies all traffic in both directions. Each opening is a named rule, created by a method that
 * states the two ends, so that a wider opening is a separate line in the review.
 */
export class Firewall extends Construct {
  readonly securityGroupId: string;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const name = props.names.of(props.name);
    const group = new SecurityGroup(this, "group", {
      name,
      description: props.description,
      vpcId: props.vpcId,
      tags: { Name: name },
    });
    this.securityGroupId = group.id;
  }

  /** Allows connections from a peer on TCP ports. */
  allowFrom(peer: Peer, ports: Ports, what: string): void {
    openInto(this, this.securityGroupId, peer, ports, what);
  }

  /** Allows members of this group to connect to a peer on TCP ports. */
  allowTo(peer: Peer, ports: Ports, what: string): void {
    const opening = rule(this.securityGroupId, peer, ports, `${what} to ${peer.label}`);
    new VpcSecurityGroupEgressRule(this, ruleId("to", peer, ports), opening);
  }
}

/** Allows a peer to connect to members of an existing group, such as another stack's brokers or EKS's nodes. */
export function openInto(scope: Construct, securityGroupId: string, peer: Peer, ports: Ports, what: string): void {
  const opening = rule(securityGroupId, peer, ports, `${what} from ${peer.label}`);
  new VpcSecurityGroupIngressRule(scope, ruleId("from", peer, ports), opening);
}

function rule(securityGroupId: string, peer: Peer, ports: Ports, description: string) {
  const [fromPort, toPort] = bounds(ports);
  return {
    securityGroupId,
    description,
    ipProtocol: "tcp",
    fromPort,
    toPort,
    tags: { Name: description },
    ...peer.target,
  };
}

const bounds = (ports: Ports): readonly [number, number] => (typeof ports === "number" ? [ports, ports] : ports);

function ruleId(direction: "from" | "to", peer: Peer, ports: Ports): string {
  return [direction, peer.label, ...new Set(bounds(ports))].join("-");
}
