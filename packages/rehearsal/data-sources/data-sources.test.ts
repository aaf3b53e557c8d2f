import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../cloud/cloud";
import type { JsonObject } from "../protocol/value";
import { ASimulatedProvider } from "../sample/a-simulated-provider";
import { answer } from "./";

describe("a data source", () => {
  let directory: string;
  let cloud: Cloud;
  let aws: ASimulatedProvider;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cloud-"));
    cloud = Cloud.open(directory);
    aws = new ASimulatedProvider(cloud);
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const ask = (type: string, config: JsonObject = {}, region = "eu-west-1") =>
    answer({ type, owner: "222222222222", region, config, cloud });

  it("finds the deployed object by what is configured, in its region", () => {
    const vpc = aws.create("aws_vpc", { cidr_block: "10.0.0.0/16", tags: { Name: "core" } });
    aws.create("aws_vpc", { cidr_block: "10.1.0.0/16" });
    expect(ask("aws_vpc", { cidr_block: "10.0.0.0/16", id: null }).id).toBe(vpc.id);
    expect(ask("aws_vpc", { filter: [{ name: "tag:Name", values: ["core"] }] }).id).toBe(vpc.id);
    expect(() => ask("aws_vpc", {})).toThrow("2 VPCs match {}; use a narrower query");
    expect(() => ask("aws_vpc", { cidr_block: "10.0.0.0/16" }, "eu-central-1")).toThrow("no VPC matches");
  });

  it("reads a parameter's value, and AWS's own parameters", () => {
    aws.create("aws_ssm_parameter", { name: "/hft/a", type: "String", insecure_value: '{"vpcId":"vpc-1"}' });
    expect(ask("aws_ssm_parameter", { name: "/hft/a" })).toMatchObject({
      insecure_value: '{"vpcId":"vpc-1"}',
      version: 1,
    });
    expect(() => ask("aws_ssm_parameter", { name: "/hft/b" })).toThrow("/hft/b does not exist in eu-west-1");
    expect(ask("aws_ssm_parameter", { name: "/aws/service/eks/optimized-ami/1.35/image_id" }).value).toMatch(/^ami-/);
  });

  it("hides a secure parameter's value from the insecure attribute", () => {
    aws.create("aws_ssm_parameter", { name: "/hft/key", type: "SecureString", value: "hidden" });
    expect(ask("aws_ssm_parameter", { name: "/hft/key" })).toMatchObject({ value: "hidden", insecure_value: "" });
  });

  it("knows who is asking and where", () => {
    expect(ask("aws_caller_identity")).toMatchObject({ account_id: "222222222222" });
    expect(ask("aws_region", {}, "eu-central-1")).toMatchObject({ region: "eu-central-1" });
    expect(ask("aws_availability_zones")).toMatchObject({ names: ["eu-west-1a", "eu-west-1b", "eu-west-1c"] });
  });

  it("renders a policy as IAM takes it", () => {
    const statement = {
      sid: "Read",
      effect: null,
      actions: ["s3:GetObject", "s3:ListBucket"],
      resources: ["arn:aws:s3:::hft-audit/*"],
      principals: [{ type: "Service", identifiers: ["backup.amazonaws.com"] }],
      not_principals: [],
      condition: [
        { test: "StringEquals", variable: "aws:SourceAccount", values: ["222222222222"] },
        { test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-1"] },
      ],
    };
    expect(JSON.parse(ask("aws_iam_policy_document", { statement: [statement] }).json as string)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:ListBucket", "s3:GetObject"],
          Resource: "arn:aws:s3:::hft-audit/*",
          Principal: { Service: "backup.amazonaws.com" },
          Condition: { StringEquals: { "aws:SourceAccount": "222222222222", "aws:PrincipalOrgID": "o-1" } },
        },
      ],
    });
  });
});
