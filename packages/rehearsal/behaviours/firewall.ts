import type { Behaviour, Behaviours } from "./behaviour";

const SECURITY_GROUP_RULE: Behaviour = {
  id: "sgr-{hex:17}",
  computed: {
    arn: "arn:aws:ec2:{region}:{account}:security-group-rule/{id}",
    security_group_rule_id: "{id}",
  },
  references: [
    { attribute: "security_group_id", to: "aws_security_group" },
    { attribute: "referenced_security_group_id", to: "aws_security_group", holds: true },
    { attribute: "prefix_list_id", to: "aws_ec2_managed_prefix_list", except: /^pl-/ },
  ],
  unique: [
    {
      attributes: ["security_group_id", "ip_protocol", "from_port", "to_port", "cidr_ipv4"],
      code: "InvalidPermission.Duplicate",
      message:
        'the specified rule "peer: {cidr_ipv4}, {ip_protocol}, from port: {from_port}, to port: {to_port}" already exists',
    },
    {
      attributes: ["security_group_id", "ip_protocol", "from_port", "to_port", "referenced_security_group_id"],
      code: "InvalidPermission.Duplicate",
      message:
        'the specified rule "peer: {referenced_security_group_id}, {ip_protocol}, from port: {from_port}, to port: {to_port}" already exists',
    },
  ],
};

/** Security groups and their rules. */
export const FIREWALL: Behaviours = {
  aws_security_group: {
    id: "sg-{hex:17}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:security-group/{id}", name: "terraform-{hex:26}" },
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    unique: [
      {
        attributes: ["name", "vpc_id"],
        code: "InvalidGroup.Duplicate",
        message: "The security group '{name}' already exists for VPC '{vpc_id}'",
      },
    ],
    notFound: { code: "InvalidGroup.NotFound", message: "The security group '{value}' does not exist" },
    inUse: { code: "DependencyViolation", message: "resource {id} has a dependent object" },
  },
  aws_vpc_security_group_ingress_rule: SECURITY_GROUP_RULE,
  aws_vpc_security_group_egress_rule: SECURITY_GROUP_RULE,
};
