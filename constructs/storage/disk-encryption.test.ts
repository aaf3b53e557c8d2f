import { Synthesized } from "../testing/synthesized";
import { DiskEncryption } from "./disk-encryption";

describe("DiskEncryption", () => {
  it("puts every disk of the region under the platform's key", () => {
    const keyArn = "arn:aws:kms:eu-west-1:333333333333:key/1";
    const disks = Synthesized.of((scope) => {
      new DiskEncryption(scope, "disks", { keyArn });
    });
    expect(disks.the("aws_ebs_encryption_by_default")).toMatchObject({ enabled: true });
    expect(disks.the("aws_ebs_default_kms_key")).toMatchObject({ key_arn: keyArn });
  });
});
