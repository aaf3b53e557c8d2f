import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Construct } from "constructs";
import type { Names } from "../naming/names";
import { allow, assumableBy, policyDocument } from "../security/policy";

export interface FlowLogsProps {
  readonly names: Names;
  readonly vpcId: string;
  readonly retentionDays: number;
  /** Key that encrypts the log group. */
  readonly keyArn: string;
}

/** Records who talked to whom in a VPC: the evidence when a security group was too wide. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, props: FlowLogsProps) {
    super(scope, id);
    const group = new CloudwatchLogGroup(this, "group", {
      name: props.names.path("vpc-flow-logs"),
      retentionInDays: props.retentionDays,
      kmsKeyId: props.keyArn,
    });
    const role = new IamRole(this, "role", {
      name: props.names.of("flow-logs"),
      assumeRolePolicy: assumableBy("vpc-flow-logs.amazonaws.com"),
    });
    new IamRolePolicy(this, "write", {
      name: "write",
      role: role.id,
      policy: policyDocument(
        allow(["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"], [`${group.arn}:*`]),
      ),
    });
    new FlowLog(this, "log", {
      vpcId: props.vpcId,
      trafficType: "ALL",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: { Name: props.names.of("flow-log") },
    });
  }
}
