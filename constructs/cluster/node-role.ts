import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { assumableBy } from "../security/policy";

/** Permissions that every node needs; pods get their own through Pod Identity. SSM replaces SSH. */
const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonEKS_CNI_Policy",
  "AmazonSSMManagedInstanceCore",
];

/** The IAM role of a cluster's nodes, shared by its pools. */
export class NodeRole extends Construct {
  readonly arn: string;
  /** Dependencies of nodes; if these were removed before the nodes, EKS could not delete their network interfaces. */
  readonly rights: ITerraformDependable[];

  constructor(scope: Construct, id: string, props: { readonly names: Names }) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.names.of("node", 64),
      assumeRolePolicy: assumableBy("ec2.amazonaws.com"),
    });
    this.rights = NODE_POLICIES.map(
      (policy) =>
        new IamRolePolicyAttachment(this, policy, { role: role.name, policyArn: `arn:aws:iam::aws:policy/${policy}` }),
    );
    this.arn = role.arn;
  }
}
