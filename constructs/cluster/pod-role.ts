import { EksPodIdentityAssociation } from "@cdktf/provider-aws/lib/eks-pod-identity-association";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { assumableByPods, policyDocument, type Statement } from "../security/policy";

export interface PodRoleProps {
  readonly names: Names;
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /**
   * Permissions of its pods.
   * @default - nothing beyond `managedPolicies`
   */
  readonly statements?: readonly Statement[];
  /**
   * Names of AWS managed policies.
   * @default - none
   */
  readonly managedPolicies?: readonly string[];
}

/**
 * The AWS permissions of a service account's pods, through EKS Pod Identity: no OIDC provider per cluster, no
 * annotation in the manifests, and the same trust policy everywhere.
 */
export class PodRole extends Construct {
  readonly arn: string;
  /** Dependencies that must exist before a pod has its permissions. */
  readonly association: ITerraformDependable;

  constructor(scope: Construct, id: string, props: PodRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.names.of(props.serviceAccount, 64),
      assumeRolePolicy: assumableByPods(),
    });
    const rights: ITerraformDependable[] = [];
    if (props.statements?.length) {
      const policy = policyDocument(...props.statements);
      rights.push(new IamRolePolicy(this, "policy", { name: "workload", role: role.id, policy }));
    }
    for (const policy of props.managedPolicies ?? []) {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      rights.push(new IamRolePolicyAttachment(this, policy.replace(/.*\//, ""), { role: role.name, policyArn }));
    }
    this.association = new EksPodIdentityAssociation(this, "association", {
      clusterName: props.clusterName,
      namespace: props.namespace,
      serviceAccount: props.serviceAccount,
      roleArn: role.arn,
      dependsOn: rights,
    });
    this.arn = role.arn;
  }
}
