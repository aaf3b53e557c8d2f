import { Names } from "../../vocabulary";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { BucketReplication } from "./bucket-replication";

const copy = (keys: { from?: string; to?: string } = {}) =>
  Synthesized.of((scope) => {
    new BucketReplication(scope, "copy", {
      names: new Names("production", "eu-west-1"),
      name: "audit",
      from: { region: "eu-west-1", bucketName: "audit-west", keyArn: keys.from },
      to: { region: "eu-central-1", bucketName: "audit-central", keyArn: keys.to },
    });
  });
const rule = (of: Synthesized) =>
  (of.the("aws_s3_bucket_replication_configuration").rule as Record<string, Record<string, unknown>>[])[0]!;

describe("BucketReplication", () => {
  it("copies everything within fifteen minutes, and measures what is late", () => {
    expect(rule(copy())).toMatchObject({
      status: "Enabled",
      filter: { prefix: "" },
      destination: {
        bucket: "arn:aws:s3:::audit-central",
        replication_time: { status: "Enabled", time: { minutes: 15 } },
        metrics: { status: "Enabled", event_threshold: { minutes: 15 } },
      },
    });
  });

  it("copies what is encrypted, and encrypts it with the other region's key", () => {
    const encrypted = rule(copy({ from: "arn:west", to: "arn:central" }));
    expect(encrypted).toMatchObject({
      source_selection_criteria: { sse_kms_encrypted_objects: { status: "Enabled" } },
      destination: { encryption_configuration: { replica_kms_key_id: "arn:central" } },
    });
    expect(rule(copy())).not.toHaveProperty("source_selection_criteria");
  });

  it("may read the one bucket and write the other, and never delete a version", () => {
    const rights = statementsOf(copy().the("aws_iam_role_policy").policy);
    const on = (bucket: string) =>
      rights.filter(({ Resource }) => String(Resource).includes(bucket)).flatMap(({ Action }) => Action as string[]);
    expect(on("audit-west").every((action) => /^s3:(Get|List)/.test(action))).toBe(true);
    expect(on("audit-central")).toEqual(["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"]);
  });

  it("may decrypt with the one key and encrypt with the other, through S3 alone", () => {
    const rights = statementsOf(copy({ from: "arn:west", to: "arn:central" }).the("aws_iam_role_policy").policy);
    expect(rights).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Decrypt"],
      Resource: ["arn:west"],
      Condition: { StringLike: { "kms:ViaService": "s3.eu-west-1.amazonaws.com" } },
    });
    expect(rights).toContainEqual({
      Effect: "Allow",
      Action: ["kms:Encrypt", "kms:GenerateDataKey"],
      Resource: ["arn:central"],
      Condition: { StringLike: { "kms:ViaService": "s3.eu-central-1.amazonaws.com" } },
    });
  });
});
