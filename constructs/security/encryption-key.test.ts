import { Names } from "../../vocabulary";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { EncryptionKey, type EncryptionKeyProps } from "./encryption-key";

const props: EncryptionKeyProps = {
  names: new Names("production", "eu-west-1"),
  accountId: "333333333333",
  name: "data",
  description: "Everything",
  replicaRegions: ["eu-central-1"],
  protect: true,
};
const key = (changes: Partial<EncryptionKeyProps> = {}) =>
  Synthesized.of((scope) => {
    new EncryptionKey(scope, "key", { ...props, ...changes });
  });

describe("EncryptionKey", () => {
  it("is one key for all regions, rotated", () => {
    expect(key().the("aws_kms_key")).toMatchObject({ multi_region: true, enable_key_rotation: true });
    expect(key().the("aws_kms_replica_key")).toMatchObject({
      region: "eu-central-1",
      primary_key_arn: expect.stringContaining("aws_kms_key.key_data.arn"),
    });
  });

  it("cannot be lost by a plan, and not for a month by hand", () => {
    for (const type of ["aws_kms_key", "aws_kms_replica_key"]) {
      expect(key().the(type)).toMatchObject({ deletion_window_in_days: 30, lifecycle: { prevent_destroy: true } });
    }
    expect(key({ protect: false }).the("aws_kms_key")).toMatchObject({ deletion_window_in_days: 7 });
    expect(key({ protect: false }).the("aws_kms_key")).not.toHaveProperty("lifecycle");
  });

  it("keeps its identity when the code around it moves", () => {
    expect(key().ids("aws_kms_key")).toEqual(["key_data"]);
    expect(key().ids("aws_kms_replica_key")).toEqual(["key_data_eu-central-1"]);
  });

  it("may be used for the logs of its own region and account only", () => {
    const policies = [key().the("aws_kms_key"), key().the("aws_kms_replica_key")].map(({ policy }) =>
      JSON.stringify(statementsOf(policy)),
    );
    expect(policies[0]).toContain("arn:aws:logs:eu-west-1:333333333333:*");
    expect(policies[1]).toContain("arn:aws:logs:eu-central-1:333333333333:*");
  });

  it("encrypts the disks of node groups, which nobody but Auto Scaling of this account asks for", () => {
    const open = statementsOf(key().the("aws_kms_key").policy).filter(
      ({ Principal }) => (Principal as { AWS?: string }).AWS === "*",
    );
    const autoScaling = {
      StringEquals: { "kms:CallerAccount": "333333333333" },
      ArnEquals: {
        "aws:PrincipalArn":
          "arn:aws:iam::333333333333:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
      },
    };
    // Source: EC2 Auto Scaling User Guide, "Required AWS KMS key policy for use with encrypted volumes": two
    // statements, of which the one with grants has the condition `kms:GrantIsForAWSResource`.
    expect(open).toEqual([
      expect.objectContaining({ Action: expect.not.arrayContaining(["kms:CreateGrant"]), Condition: autoScaling }),
      expect.objectContaining({
        Action: ["kms:CreateGrant"],
        Condition: { ...autoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    ]);
  });

  it("says which regions it has when it is asked for another", () => {
    expect(() =>
      Synthesized.of((scope) => {
        new EncryptionKey(scope, "key", props).arnIn("us-east-1");
      }),
    ).toThrow("the key has no copy in us-east-1; choose one of eu-west-1, eu-central-1 or add a replica region");
  });
});
