import fc from "fast-check";
import { Names } from "../../vocabulary";
import { allow } from "../security/policy";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { Bucket, type BucketProps } from "./bucket";

const names = new Names("production", "eu-west-1");
const props: BucketProps = {
  names,
  accountId: "333333333333",
  name: "audit",
  keyArn: "arn:key",
  retention: { archiveAfterDays: 90, expireAfterDays: 2557, restorableDays: 30 },
  protect: true,
};
const bucket = (changes: Partial<BucketProps> = {}) =>
  Synthesized.of((scope) => {
    new Bucket(scope, "bucket", { ...props, ...changes });
  });
const rules = (of: Synthesized) => of.the("aws_s3_bucket_lifecycle_configuration").rule as Record<string, unknown>[];

describe("Bucket", () => {
  it("is versioned, encrypted with the platform's key, and closed to the public", () => {
    const synthesized = bucket();
    expect(synthesized.the("aws_s3_bucket_versioning")).toMatchObject({
      versioning_configuration: { status: "Enabled" },
    });
    expect(synthesized.the("aws_s3_bucket_server_side_encryption_configuration").rule).toEqual([
      {
        apply_server_side_encryption_by_default: { sse_algorithm: "aws:kms", kms_master_key_id: "arn:key" },
        bucket_key_enabled: true,
      },
    ]);
    expect(synthesized.the("aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(synthesized.the("aws_s3_bucket_ownership_controls")).toMatchObject({
      rule: { object_ownership: "BucketOwnerEnforced" },
    });
  });

  it("refuses plain HTTP, whatever else its policy allows", () => {
    const open = Synthesized.of((scope) => {
      new Bucket(scope, "bucket", props).allow(allow(["s3:GetObject"], ["arn:aws:s3:::x/*"]));
    });
    const statements = statementsOf(open.the("aws_s3_bucket_policy").policy);
    expect(statements).toHaveLength(2);
    expect(statements[0]).toMatchObject({
      Effect: "Deny",
      Principal: "*",
      Action: ["s3:*"],
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
  });

  it("archives and expires objects when it is told, and old versions always", () => {
    expect(rules(bucket())[0]).toMatchObject({
      transition: [{ days: 90, storage_class: "GLACIER_IR" }],
      expiration: [{ days: 2557 }],
      noncurrent_version_expiration: [{ noncurrent_days: 30 }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    });
    const kept = rules(bucket({ retention: { restorableDays: 5 } }))[0];
    expect(kept).not.toHaveProperty("expiration");
    expect(kept).not.toHaveProperty("transition");
  });

  it("expires each folder in its own time", () => {
    const days = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.integer({ min: 1, max: 3650 }), { maxKeys: 5 });
    fc.assert(
      fc.property(days, (expireFoldersAfterDays) => {
        const synthesized = bucket({ retention: { restorableDays: 30, expireFoldersAfterDays } });
        const folders = rules(synthesized).slice(1) as {
          filter: { prefix: string }[];
          expiration: { days: number }[];
        }[];
        const found = folders.map(({ filter, expiration }) => [filter[0]!.prefix, expiration[0]!.days]);
        expect(found).toEqual(Object.entries(expireFoldersAfterDays).map(([folder, each]) => [`${folder}/`, each]));
      }),
      { numRuns: 20 },
    );
  });

  it("locks objects for as long as it is told, from the day that the bucket is made", () => {
    const locked = bucket({ lock: { mode: "compliance", days: 2557 } });
    expect(locked.the("aws_s3_bucket")).toMatchObject({ object_lock_enabled: true });
    expect(locked.the("aws_s3_bucket_object_lock_configuration")).toMatchObject({
      rule: { default_retention: { mode: "COMPLIANCE", days: 2557 } },
    });
    expect(bucket().types()).not.toContain("aws_s3_bucket_object_lock_configuration");
  });

  it("is not destroyed by a plan where it is protected, nor while it holds objects", () => {
    expect(bucket().the("aws_s3_bucket")).toMatchObject({ force_destroy: false, lifecycle: { prevent_destroy: true } });
    expect(bucket({ protect: false }).the("aws_s3_bucket")).toMatchObject({ force_destroy: true });
  });

  it("has a name that another region's stack knows beforehand", () => {
    expect(bucket().the("aws_s3_bucket").bucket).toBe("hft-production-eu-west-1-audit-333333333333");
    expect(Bucket.arnOf(names.in("eu-central-1"), "333333333333", "audit")).toBe(
      "arn:aws:s3:::hft-production-eu-central-1-audit-333333333333",
    );
  });

  it("puts everything that belongs to it into the region that was asked for", () => {
    const away = bucket({
      region: "eu-central-1",
      names: names.in("eu-central-1"),
      lock: { mode: "governance", days: 1 },
    });
    for (const type of away.types()) expect(away.the(type)).toMatchObject({ region: "eu-central-1" });
  });
});
