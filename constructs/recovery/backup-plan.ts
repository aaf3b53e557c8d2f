import { BackupPlan as AwsBackupPlan } from "@cdktf/provider-aws/lib/backup-plan";
import { BackupSelection } from "@cdktf/provider-aws/lib/backup-selection";
import { BackupVault } from "@cdktf/provider-aws/lib/backup-vault";
import { BackupVaultLockConfiguration } from "@cdktf/provider-aws/lib/backup-vault-lock-configuration";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { assumableBy } from "../security/policy";
import { ServiceRole } from "../security/service-role";

/** A job that has not started or finished after this time counts as failed and raises an alarm. */
const START_WINDOW_MINUTES = 60;
const COMPLETION_WINDOW_MINUTES = 360;

export interface BackupPlanProps {
  readonly names: Names;
  readonly accountId: string;
  /** KMS key in this region. */
  readonly keyArn: string;
  /** How long the hourly backups are kept, for a quick restore. */
  readonly hotRetentionDays: number;
  /** How long the daily backups are kept, here and in the other region. */
  readonly dailyRetentionDays: number;
  /** Region that gets a copy of each daily backup. @default - none */
  readonly copyTo?: string;
  /**
   * What is backed up, by ARN. A standby region names nothing: its replica cannot be promoted while it is being backed
   * up, and its vault holds the copies of the active region's backups.
   */
  readonly resources: readonly string[];
  /**
   * Keeps backups from deletion before their time, by anyone who lacks the right to lift it, and refuses to plan it.
   */
  readonly protect: boolean;
}

/**
 * Backups by AWS Backup: every hour for a quick restore, daily for a late one, the daily ones also in the other region.
 * They come on top of point in time recovery, which RDS does by itself, and survive the deletion of what they back up.
 */
export class BackupPlan extends Construct {
  /** Name that the vault of a region has. */
  static vaultNameOf(names: Names): string {
    return names.of("backups", 50);
  }

  readonly vaultName: string;
  readonly vaultArn: string;

  constructor(scope: Construct, id: string, props: BackupPlanProps) {
    super(scope, id);
    const { names, protect } = props;
    this.vaultName = BackupPlan.vaultNameOf(names);
    const vault = new BackupVault(this, "vault", {
      name: this.vaultName,
      kmsKeyArn: props.keyArn,
      forceDestroy: !protect,
      lifecycle: protect ? { preventDestroy: true } : undefined,
    });
    vault.overrideLogicalId("backups");
    if (protect) {
      new BackupVaultLockConfiguration(this, "lock", {
        backupVaultName: vault.name,
        minRetentionDays: Math.min(props.hotRetentionDays, props.dailyRetentionDays),
      });
    }
    this.vaultArn = vault.arn;
    if (props.resources.length > 0) this.plan(props, vault);
  }

  private plan(props: BackupPlanProps, vault: BackupVault): void {
    const { names, resources } = props;
    const plan = new AwsBackupPlan(this, "plan", {
      name: names.of("backups"),
      rule: [this.hourly(props, vault), this.daily(props, vault)],
    });
    const role = new ServiceRole(this, "role", {
      names,
      name: "backup",
      description: "Backs up what the plan names",
      trust: assumableBy("backup.amazonaws.com"),
      managedPolicies: ["service-role/AWSBackupServiceRolePolicyForBackup"],
    });
    new BackupSelection(this, "selection", {
      name: names.of("stateful", 50),
      planId: plan.id,
      iamRoleArn: role.arn,
      resources: [...resources],
      dependsOn: role.rights,
    });
  }

  /**
   * RDS starts none in its maintenance window and in the hour before it: those of that time are not made (AWS Backup
   * Developer Guide, "Plan options and configuration"). What lies between two is in the database's own log, up to five
   * minutes ago.
   */
  private hourly({ hotRetentionDays }: BackupPlanProps, vault: BackupVault) {
    return {
      ruleName: "hourly",
      targetVaultName: vault.name,
      // The daily backup takes the first of the day.
      schedule: "cron(0 1-23 * * ? *)",
      startWindow: START_WINDOW_MINUTES,
      completionWindow: COMPLETION_WINDOW_MINUTES,
      lifecycle: keptFor(hotRetentionDays),
    };
  }

  private daily({ names, accountId, dailyRetentionDays, copyTo }: BackupPlanProps, vault: BackupVault) {
    const lifecycle = keptFor(dailyRetentionDays);
    return {
      ruleName: "daily",
      targetVaultName: vault.name,
      schedule: "cron(0 0 * * ? *)",
      startWindow: START_WINDOW_MINUTES,
      completionWindow: COMPLETION_WINDOW_MINUTES,
      lifecycle,
      copyAction: copyTo ? [{ destinationVaultArn: vaultArn(names.in(copyTo), accountId), lifecycle }] : undefined,
    };
  }
}

/**
 * Archiving is written down although nothing here can be archived: left out, AWS's answer shows as a change in every
 * plan.
 */
const keptFor = (days: number) => ({ deleteAfter: days, optInToArchiveForSupportedResources: false });

/** The other region's vault, whose ARN is known without reading that region. */
function vaultArn(names: Names, accountId: string): string {
  return `arn:aws:backup:${names.region}:${accountId}:backup-vault:${BackupPlan.vaultNameOf(names)}`;
}
