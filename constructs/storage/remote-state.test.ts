import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { RemoteState } from "./remote-state";

const names = new Names("production", "global");
const state = (...regions: string[]) =>
  Synthesized.of((scope) => {
    new RemoteState(scope, "states", { names, accountId: "333333333333", regions, protect: true });
  });

describe("RemoteState", () => {
  it("has an encrypted, versioned bucket in each region", () => {
    const both = state("eu-west-1", "eu-central-1");
    expect(both.all("aws_s3_bucket").map(({ bucket }) => bucket)).toEqual([
      "hft-production-eu-west-1-state-333333333333",
      "hft-production-eu-central-1-state-333333333333",
    ]);
    expect(both.all("aws_s3_bucket_versioning")).toHaveLength(2);
    expect(both.all("aws_s3_bucket_server_side_encryption_configuration")).toHaveLength(2);
  });

  it("copies each region's states to the other, so that a lost region's are still there", () => {
    const copies = state("eu-west-1", "eu-central-1").all("aws_s3_bucket_replication_configuration");
    expect(copies.map(({ region }) => region ?? "eu-west-1").sort()).toEqual(["eu-central-1", "eu-west-1"]);
  });

  it("copies nothing where there is one region", () => {
    expect(state("eu-west-1").types()).not.toContain("aws_s3_bucket_replication_configuration");
  });

  it("names its buckets as backends are configured", () => {
    const configured = RemoteState.bucketName(names.in("eu-west-1"), "333333333333");
    expect(state("eu-west-1").the("aws_s3_bucket").bucket).toBe(configured);
  });

  it("keeps overwritten states for 90 days", () => {
    expect(state("eu-west-1").the("aws_s3_bucket_lifecycle_configuration").rule).toEqual([
      expect.objectContaining({ noncurrent_version_expiration: [{ noncurrent_days: 90 }] }),
    ]);
  });
});
