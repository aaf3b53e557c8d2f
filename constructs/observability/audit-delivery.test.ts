import { Names } from "../../vocabulary";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { auditAlarms } from "./audit-alarms";
import { AuditDelivery } from "./audit-delivery";

const BUCKET = "arn:aws:s3:::hft-production-eu-west-1-audit-333333333333";
const delivery = Synthesized.of((scope) => {
  new AuditDelivery(scope, "audit", {
    names: new Names("production", "eu-west-1"),
    accountId: "333333333333",
    logGroupName: "/hft/production/eu-west-1/transactions",
    folder: "transactions",
    keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
    logRetentionDays: 365,
  });
});
const rightsOf = (name: string) =>
  delivery
    .all("aws_iam_role_policy")
    .filter(({ role }) => String(role).includes(name))
    .flatMap(({ policy }) => statementsOf(policy));

describe("AuditDelivery", () => {
  it("writes every record of the log group into the audit bucket, under the platform's key", () => {
    expect(delivery.the("aws_cloudwatch_log_subscription_filter")).toMatchObject({
      log_group_name: "/hft/production/eu-west-1/transactions",
      filter_pattern: "",
    });
    expect(delivery.the("aws_kinesis_firehose_delivery_stream")).toMatchObject({
      name: "hft-production-eu-west-1-audit",
      destination: "extended_s3",
      server_side_encryption: { key_type: "CUSTOMER_MANAGED_CMK" },
      extended_s3_configuration: { bucket_arn: BUCKET, compression_format: "UNCOMPRESSED" },
    });
  });

  // Source: Firehose Developer Guide, "Grant Firehose access to an Amazon S3 destination": the rights on bucket, key
  // and log.
  it("has the rights that Firehose asks for, and none to delete or to shorten a lock", () => {
    const actions = rightsOf("writer").flatMap(({ Action }) => Action as string[]);
    expect(actions.sort()).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:PutLogEvents",
      "s3:AbortMultipartUpload",
      "s3:GetBucketLocation",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
      "s3:PutObject",
    ]);
  });

  // Sources: Firehose Developer Guide, "Cross-service confused deputy prevention"; CloudWatch Logs User Guide,
  // "Subscription filters with Amazon Data Firehose".
  it("acts by roles that no other account can make the services use", () => {
    const trusts = delivery.all("aws_iam_role").map(({ assume_role_policy }) => statementsOf(assume_role_policy)[0]!);
    expect(trusts.map(({ Principal }) => (Principal as { Service: string[] }).Service).sort()).toEqual([
      ["firehose.amazonaws.com"],
      ["logs.amazonaws.com"],
    ]);
    for (const { Condition } of trusts) {
      expect(Condition).toMatchObject({ StringEquals: { "aws:SourceAccount": "333333333333" } });
    }
  });

  it("hands records over by a role that can do nothing else", () => {
    expect(rightsOf("sender")).toEqual([
      expect.objectContaining({ Action: ["firehose:PutRecord", "firehose:PutRecordBatch"] }),
    ]);
  });

  it("rings long before Firehose gives a record up, and when none reaches it", () => {
    const alarms = auditAlarms("hft-production-eu-west-1-audit", "/hft/production/eu-west-1/transactions");
    const late = alarms.find(({ metric }) => metric === "DeliveryToS3.DataFreshness")!;
    // Firehose retries for up to 24 hours. Source: Firehose Developer Guide, "Handle data delivery failures".
    expect(late.threshold + late.periodSeconds * late.periods).toBeLessThan(24 * 3600);
    expect(alarms.map(({ metric }) => metric)).toContain("DeliveryErrors");
  });
});
