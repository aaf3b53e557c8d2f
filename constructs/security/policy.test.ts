import { statementsOf } from "../testing/synthesized";
import { allow, allowAnywhere, assumableBy, assumableWithin, deny, policyDocument } from "./policy";

describe("a policy", () => {
  it("refuses a right on everything that gives no reason", () => {
    expect(() => allow(["s3:GetObject"], ["*"])).toThrow(
      "s3:GetObject on every resource; name the resources, or use allowAnywhere with the reason",
    );
  });

  it("keeps the reason for a right on everything where AWS shows it", () => {
    const [statement] = statementsOf(policyDocument(allowAnywhere(["ec2:DescribeVpcs"], "Describe calls take none")));
    expect(statement).toEqual({
      Effect: "Allow",
      Action: ["ec2:DescribeVpcs"],
      Resource: ["*"],
      Sid: "DescribeCallsTakeNone",
    });
  });

  it("is literal text, so that it is reviewed without credentials", () => {
    const text = policyDocument(deny(["s3:*"], ["arn:aws:s3:::x"]));
    expect(JSON.parse(text).Version).toBe("2012-10-17");
    expect(text).not.toContain("${");
  });

  it("lets a service assume a role, and nobody else", () => {
    expect(statementsOf(assumableBy("backup.amazonaws.com"))).toEqual([
      { Effect: "Allow", Action: ["sts:AssumeRole"], Principal: { Service: ["backup.amazonaws.com"] } },
    ]);
  });

  it("lets a service assume a role for this account's own things alone", () => {
    const source = "arn:aws:ec2:eu-west-1:333333333333:vpc-flow-log/*";
    expect(statementsOf(assumableWithin("333333333333", "vpc-flow-logs.amazonaws.com", source))).toEqual([
      {
        Effect: "Allow",
        Action: ["sts:AssumeRole"],
        Principal: { Service: ["vpc-flow-logs.amazonaws.com"] },
        Condition: {
          StringEquals: { "aws:SourceAccount": "333333333333" },
          ArnLike: { "aws:SourceArn": source },
        },
      },
    ]);
  });
});
