import { Names } from "../naming/names";
import { Synthesized } from "../test-tools/synthesized";
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

/** Hours of a schedule such as `cron(0 6,12,18 * * ? *)`. */
const hours = ({ schedule }: BackupRule) => schedule.split(" ")[1]!.split(",").map(Number);

describe("BackupPlan", () => {
  it("backs up every six hours, the first of the day being the daily one", () => {
    const all = [...hours(rule("daily")), ...hours(rule("six-hourly"))].sort((a, b) => a - b);
    expect(all).toEqual([0, 6, 12, 18]);
  });

  it("keeps hot backups a week and daily ones two", () => {
    expect(rule("six-hourly").lifecycle.delete_after).toBe(7);
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
      database: { arn: "arn:database", subnetGroupName: "database-subnets", firewallId: "sg-database" },
    });
  });

  it("restores the newest backup every week", () => {
    expect(test.the("aws_backup_restore_testing_plan")).toMatchObject({
      name: "hft_production_eu_west_1_restores",
      schedule_expression: "cron(0 9 ? * SAT *)",
      recovery_point_selection: [{ algorithm: "LATEST_WITHIN_WINDOW", include_vaults: ["arn:vault"] }],
    });
  });

  it("puts what it restores where the database is, behind the same firewall", () => {
    expect(test.the("aws_backup_restore_testing_selection")).toMatchObject({
      protected_resource_type: "RDS",
      protected_resource_arns: ["arn:database"],
      restore_metadata_overrides: {
        dbSubnetGroupName: "database-subnets",
        vpcSecurityGroupIds: '["sg-database"]',
      },
    });
  });

  it("is not kept from removing what it restored", () => {
    expect(test.the("aws_backup_restore_testing_selection")).toMatchObject({
      restore_metadata_overrides: { deletionProtection: "false" },
    });
  });
});
