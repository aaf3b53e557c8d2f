import { Names } from "../../vocabulary";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { FlowLogs } from "./flow-logs";

const logs = Synthesized.of((scope) => {
  new FlowLogs(scope, "logs", {
    names: new Names("production", "eu-west-1"),
    accountId: "333333333333",
    vpcId: "vpc-1",
    retentionDays: 365,
    keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
  });
});

describe("FlowLogs", () => {
  // Source of both: VPC User Guide, "IAM role for publishing flow logs to CloudWatch Logs", as of November 2026.
  it("writes with every right that the service asks for", () => {
    const rights = statementsOf(logs.the("aws_iam_role_policy").policy);
    expect(rights.flatMap(({ Action }) => Action as string[]).sort()).toEqual([
      "logs:CreateLogGroup",
      "logs:CreateLogStream",
      "logs:DescribeLogGroups",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
    ]);
    for (const { Resource } of rights) expect(Resource).not.toContain("*");
  });

  it("is written for flow logs of this account and region alone", () => {
    const [trust] = statementsOf(logs.the("aws_iam_role").assume_role_policy);
    expect(trust).toMatchObject({
      Principal: { Service: ["vpc-flow-logs.amazonaws.com"] },
      Condition: {
        StringEquals: { "aws:SourceAccount": "333333333333" },
        ArnLike: { "aws:SourceArn": "arn:aws:ec2:eu-west-1:333333333333:vpc-flow-log/*" },
      },
    });
  });
});
