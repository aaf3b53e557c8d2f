import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { policyDocument, type Statement } from "./policy";

/** Longest name of an IAM role. */
const ROLE_NAME_LENGTH = 64;

export interface ServiceRoleProps {
  readonly names: Names;
  /** The role's own name, "database-monitoring". */
  readonly name: string;
  readonly description: string;
  /** Trust policy: who may assume the role. See `assumableBy`, `assumableByPods`. */
  readonly trust: string;
  /**
   * What the role may do.
   * @default - only what the managed policies allow
   */
  readonly statements?: readonly Statement[];
  /**
   * Names of AWS managed policies, with their path where they have one: "service-role/AmazonRDSEnhancedMonitoringRole".
   * @default - none
   */
  readonly managedPolicies?: readonly string[];
  /** @default 3600 */
  readonly maxSessionSeconds?: number;
}

/**
 * An IAM role with its rights written beside it. Its ARN is there before they are: whoever hands the role to a service
 * makes that wait for `rights` (HFT-SYN-013).
 */
export class ServiceRole extends Construct {
  readonly arn: string;
  readonly roleName: string;
  /** What the service must wait for that acts by this role. */
  readonly rights: ITerraformDependable[] = [];

  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const role = new IamRole(this, "role", {
      name: props.names.of(props.name, ROLE_NAME_LENGTH),
      description: props.description,
      assumeRolePolicy: props.trust,
      maxSessionDuration: props.maxSessionSeconds,
    });
    if (props.statements?.length) {
      const policy = policyDocument(...props.statements);
      this.rights.push(new IamRolePolicy(this, "rights", { name: "rights", role: role.name, policy }));
    }
    for (const policy of props.managedPolicies ?? []) {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      this.rights.push(new IamRolePolicyAttachment(this, policy.replace("/", "-"), { role: role.name, policyArn }));
    }
    this.arn = role.arn;
    this.roleName = role.name;
  }
}
