import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { allow, assumableWithin, policyDocument } from "../security/policy";

export interface FlowLogsProps {
  readonly names: Names;
  readonly accountId: string;
  readonly vpcId: string;
  readonly retentionDays: number;
  /** Key that encrypts the log group. */
  readonly keyArn: string;
}

/**
 * Records the connections in a VPC, as evidence if a security group was too wide. The role has every permission that
 * the service requires: if one is missing, the flow log's only symptom is the status "Access error". Source: VPC User
 * Guide, "IAM role for publishing flow logs to CloudWatch Logs".
 */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const { names, accountId } = props;
    const arn = (service: string, resource: string) => `arn:aws:${service}:${names.region}:${accountId}:${resource}`;
    const group = new CloudwatchLogGroup(this, "group", {
      name: names.path("vpc-flow-logs"),
      retentionInDays: props.retentionDays,
      kmsKeyId: props.keyArn,
    });
    const role = new IamRole(this, "role", {
      name: names.of("flow-logs"),
      assumeRolePolicy: assumableWithin(accountId, "vpc-flow-logs.amazonaws.com", arn("ec2", "vpc-flow-log/*")),
    });
    const rights = new IamRolePolicy(this, "write", {
      name: "write",
      role: role.id,
      policy: policyDocument(
        allow(
          ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
          [group.arn, `${group.arn}:*`],
        ),
        allow(["logs:DescribeLogGroups"], [arn("logs", "log-group:*")]),
      ),
    });
    new FlowLog(this, "log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: names.of("flow-log") },
      dependsOn: [rights],
    });
  }
}
