import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { Secret, type SecretProps, THROWAWAY_PASSWORD } from "./secret";
import { SecretRotation } from "./secret-rotation";

const names = new Names("production", "eu-west-1");
const props: SecretProps = {
  names,
  name: "database",
  description: "User and password",
  keyArn: "arn:key-west",
  replicas: [{ region: "eu-central-1", keyArn: "arn:key-central" }],
  value: { fields: { username: "hft" } },
  protect: true,
};
const secret = (changes: Partial<SecretProps> = {}) =>
  Synthesized.of((scope) => {
    new Secret(scope, "secret", { ...props, ...changes });
  });

describe("Secret", () => {
  it("is encrypted with the platform's key, also where it is copied to", () => {
    expect(secret().the("aws_secretsmanager_secret")).toMatchObject({
      name: "/hft/production/eu-west-1/database",
      kms_key_id: "arn:key-west",
      replica: [{ region: "eu-central-1", kms_key_id: "arn:key-central" }],
    });
  });

  it("writes its first value through a write-only argument, so that no state holds it", () => {
    const version = secret().the("aws_secretsmanager_secret_version");
    expect(version).not.toHaveProperty("secret_string");
    expect(version).toMatchObject({ secret_string_wo_version: 1 });
  });

  it("holds no literal password: Terraform makes one up while it applies", () => {
    const { secret_string_wo } = secret().the("aws_secretsmanager_secret_version");
    expect(JSON.parse(String(secret_string_wo))).toEqual({ username: "hft", password: THROWAWAY_PASSWORD });
    expect(THROWAWAY_PASSWORD).toMatch(/^\$\{.*\}$/);
  });

  it("has no value at all when somebody else gives it", () => {
    expect(secret({ value: "given" }).types()).toEqual(["aws_secretsmanager_secret"]);
  });

  it("can be restored for a month where it is protected, and is gone at once where it is not", () => {
    expect(secret().the("aws_secretsmanager_secret")).toMatchObject({
      recovery_window_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(secret({ protect: false }).the("aws_secretsmanager_secret")).toMatchObject({ recovery_window_in_days: 0 });
  });
});

describe("SecretRotation", () => {
  const rotation = (database?: { identifier: string }) =>
    Synthesized.of((scope) => {
      const of = new Secret(scope, "secret", props);
      new SecretRotation(scope, "rotation", {
        names,
        accountId: "333333333333",
        name: "database",
        secret: of,
        keyArn: "arn:key-west",
        everyDays: 30,
        logRetentionDays: 365,
        database: database && { ...database, instance: { fqn: "aws_db_instance.database_orders" } },
      });
    });

  it("replaces the first value at once, and again every 30 days", () => {
    expect(rotation().the("aws_secretsmanager_secret_rotation")).toMatchObject({
      rotate_immediately: true,
      rotation_rules: { automatically_after_days: 30 },
    });
  });

  it("waits for the database whose password it sets", () => {
    const waiting = rotation({ identifier: "orders" }).the("aws_secretsmanager_secret_rotation").depends_on;
    expect(waiting).toContain("aws_db_instance.database_orders");
  });

  // Source: hashicorp/terraform-provider-aws issue 10619: "runs Lambda rotation function before secret is set".
  it("waits for the value that it replaces, where Terraform puts one in", () => {
    const rotated = rotation();
    const waiting = rotated.the("aws_secretsmanager_secret_rotation").depends_on;
    const [first] = rotated.ids("aws_secretsmanager_secret_version");
    expect(waiting).toContain(`aws_secretsmanager_secret_version.${first}`);
  });

  it("may change the password of its own database and of no other", () => {
    const rights = rotation({ identifier: "orders" }).the("aws_iam_role_policy").policy;
    expect(rights).toContain('"Resource":["arn:aws:rds:eu-west-1:333333333333:db:orders"]');
    expect(rotation().the("aws_iam_role_policy").policy).not.toContain("rds:");
  });

  it("is called by Secrets Manager for this account alone", () => {
    expect(rotation().the("aws_lambda_permission")).toMatchObject({
      principal: "secretsmanager.amazonaws.com",
      source_account: "333333333333",
    });
  });
});
