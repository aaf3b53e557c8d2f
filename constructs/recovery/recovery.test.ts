import { Names } from "../../vocabulary";
import { Synthesized } from "../testing/synthesized";
import { BackupPlan, type BackupPlanProps } from "./backup-plan";
import { RestoreTest } from "./restore-test";

const names = new Names("production", "eu-west-1");
const props: BackupPlanProps = {
  names,
  accountId: "333333333333",
  keyArn: "arn:key",
  hotRetentionDays: 7,
  dailyRetentionDays: 14,
  copyTo: "eu-central-1",
  resources: ["arn:aws:rds:eu-west-1:333333333333:db:orders"],
  protect: true,
};
const backups = (changes: Partial<BackupPlanProps> = {}) =>
  Synthesized.of((scope) => {
    new BackupPlan(scope, "backups", { ...props, ...changes });
  });

interface BackupRule {
  readonly rule_name: string;
  readonly schedule: string;
  readonly lifecycle: { readonly delete_after: number };
  readonly copy_action?: {
    readonly destination_vault_arn: string;
    readonly lifecycle: { readonly delete_after: number };
  }[];
}
const rule = (name: string, of = backups()) =>
  (of.the("aws_backup_plan").rule as BackupRule[]).find(({ rule_name }) => rule_name === name)!;

/** Hours of a schedule such as `cron(0 1-23 * * ? *)`. */
const hours = ({ schedule }: BackupRule) => {
  const [first, last] = schedule.split(" ")[1]!.split("-").map(Number) as [number, number?];
  return Array.from({ length: (last ?? first) - first + 1 }, (_, index) => first + index);
};

describe("BackupPlan", () => {
  it("backs up every hour, the first of the day being the daily one", () => {
    const all = [...hours(rule("daily")), ...hours(rule("hourly"))].sort((a, b) => a - b);
    expect(all).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
  });

  it("keeps hot backups a week and daily ones two", () => {
    expect(rule("hourly").lifecycle.delete_after).toBe(7);
    expect(rule("daily").lifecycle.delete_after).toBe(14);
  });

  it("copies daily backups to the other region's vault, known by its name", () => {
    expect(rule("daily").copy_action).toEqual([
      {
        destination_vault_arn: `arn:aws:backup:eu-central-1:333333333333:backup-vault:${BackupPlan.vaultNameOf(names.in("eu-central-1"))}`,
        lifecycle: { delete_after: 14, opt_in_to_archive_for_supported_resources: false },
      },
    ]);
    expect(rule("daily", backups({ copyTo: undefined }))).not.toHaveProperty("copy_action");
  });

  it("encrypts backups, and lets nobody delete one before its time", () => {
    expect(backups().the("aws_backup_vault")).toMatchObject({
      kms_key_arn: "arn:key",
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(backups().the("aws_backup_vault_lock_configuration")).toMatchObject({ min_retention_days: 7 });
    expect(backups({ protect: false }).types()).not.toContain("aws_backup_vault_lock_configuration");
  });

  it("never asks for a backup that its own lock would refuse", () => {
    const { min_retention_days } = backups({ hotRetentionDays: 3, dailyRetentionDays: 2 }).the(
      "aws_backup_vault_lock_configuration",
    );
    expect(min_retention_days).toBe(2);
  });

  it("backs up what it is told to, by name", () => {
    expect(backups().the("aws_backup_selection")).toMatchObject({ resources: props.resources });
  });

  it("is only a vault in a standby region, where a backup would delay the promotion", () => {
    const standby = backups({ names: names.in("eu-central-1"), resources: [] });
    expect(standby.the("aws_backup_vault")).toMatchObject({ name: "hft-production-eu-central-1-backups" });
    expect(standby.types()).not.toContain("aws_backup_plan");
    expect(standby.types()).toContain("aws_backup_vault_lock_configuration");
  });
});

describe("RestoreTest", () => {
  const test = Synthesized.of((scope) => {
    new RestoreTest(scope, "restore-test", {
      names,
      vaultArn: "arn:vault",
      database: { identifier: "orders", arn: "arn:database", subnetGroupName: "database-subnets" },
      validation: {
        accountId: "333333333333",
        vpcId: "vpc-1",
        subnetIds: ["subnet-a"],
        keyArn: "arn:key",
        logRetentionDays: 30,
        tables: ["orders", "executions"],
      },
    });
  });

  it("restores the newest backup every week", () => {
    expect(test.the("aws_backup_restore_testing_plan")).toMatchObject({
      name: "hft_production_eu_west_1_restores",
      schedule_expression: "cron(0 9 ? * SAT *)",
      recovery_point_selection: [{ algorithm: "LATEST_WITHIN_WINDOW", include_vaults: ["arn:vault"] }],
    });
  });

  it("puts what it restores where the database is, behind a firewall that lets the validation in alone", () => {
    expect(test.the("aws_backup_restore_testing_selection")).toMatchObject({
      protected_resource_type: "RDS",
      protected_resource_arns: ["arn:database"],
      restore_metadata_overrides: {
        dbSubnetGroupName: "database-subnets",
        vpcSecurityGroupIds: expect.stringMatching(/^\["\$\{aws_security_group\.\S*restored-database\S*\.id\}"\]$/),
      },
    });
    expect(test.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      from_port: 5432,
      to_port: 5432,
      referenced_security_group_id: expect.stringContaining("restore-validation"),
    });
  });

  it("is looked into when a restore of this plan has completed", () => {
    const pattern = JSON.parse(String(test.the("aws_cloudwatch_event_rule").event_pattern));
    expect(pattern).toMatchObject({
      source: ["aws.backup"],
      "detail-type": ["Restore Job State Change"],
      detail: { status: ["COMPLETED"], restoreTestingPlanArn: [expect.stringContaining("restore_testing_plan")] },
    });
    expect(test.the("aws_cloudwatch_event_target").arn).toMatch(/aws_lambda_function/);
    expect(test.the("aws_lambda_permission")).toMatchObject({ principal: "events.amazonaws.com" });
  });

  it("may give the restored database another password, the real one never", () => {
    const rights = test.all("aws_iam_role_policy").flatMap(({ policy }) => JSON.parse(String(policy)).Statement);
    expect(rights).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Action: ["rds:ModifyDBInstance"], Resource: ["arn:database"] }),
    );
  });

  it("is not kept from removing what it restored", () => {
    expect(test.the("aws_backup_restore_testing_selection")).toMatchObject({
      restore_metadata_overrides: { deletionProtection: "false" },
    });
  });
});
