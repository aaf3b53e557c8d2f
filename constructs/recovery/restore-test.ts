import { BackupRestoreTestingPlan } from "@cdktf/provider-aws/lib/backup-restore-testing-plan";
import { BackupRestoreTestingSelection } from "@cdktf/provider-aws/lib/backup-restore-testing-selection";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { assumableBy } from "../security/policy";
import { ServiceRole } from "../security/service-role";
import { RestoreValidation, type RestoreValidationProps } from "./restore-validation";

/** Saturday morning, when nobody trades. */
const SCHEDULE = "cron(0 9 ? * SAT *)";
const START_WINDOW_HOURS = 8;
/** How long the restored database stays, for checks of what is in it. */
const VALIDATION_WINDOW_HOURS = 2;
/** The newest backup of the last week. */
const SELECTION_WINDOW_DAYS = 7;
const NAME_LENGTH = 50;

export interface RestoreTestProps {
  readonly names: Names;
  /** Vault that the backup is taken from, see `BackupPlan`. */
  readonly vaultArn: string;
  /** The database whose backups are restored, and where the restored one is put. */
  readonly database: { readonly identifier: string; readonly arn: string; readonly subnetGroupName: string };
  /** What looks into the restored database, and from where. */
  readonly validation: Pick<
    RestoreValidationProps,
    "accountId" | "vpcId" | "subnetIds" | "keyArn" | "logRetentionDays" | "tables"
  >;
}

/**
 * Restores the newest backup of a database every week beside the real one, reads it, and removes it again. A backup
 * that was never restored is a hope; a restore that fails, or holds nothing that can be read, raises an alarm
 * (`restoreAlarms`).
 */
export class RestoreTest extends Construct {
  /** The function that looks into restored databases. */
  readonly validatorName: string;

  constructor(scope: Construct, id: string, props: RestoreTestProps) {
    super(scope, id);
    const { names, database } = props;
    // AWS Backup takes letters, digits and underscores here.
    const name = names.of("restores", NAME_LENGTH).replaceAll("-", "_");
    const plan = new BackupRestoreTestingPlan(this, "plan", {
      name,
      scheduleExpression: SCHEDULE,
      startWindowHours: START_WINDOW_HOURS,
      recoveryPointSelection: [
        {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [props.vaultArn],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: SELECTION_WINDOW_DAYS,
        },
      ],
    });
    const role = new ServiceRole(this, "role", {
      names,
      name: "restore-test",
      description: "Restores backups to see whether that works",
      trust: assumableBy("backup.amazonaws.com"),
      managedPolicies: ["service-role/AWSBackupServiceRolePolicyForRestores"],
    });
    const validation = new RestoreValidation(this, "validation", {
      ...props.validation,
      names,
      planArn: plan.arn,
      databaseIdentifier: database.identifier,
      databaseArn: database.arn,
    });
    this.validatorName = validation.functionName;
    new BackupRestoreTestingSelection(this, "database", {
      name: "database",
      restoreTestingPlanName: plan.name,
      protectedResourceType: "RDS",
      protectedResourceArns: [database.arn],
      iamRoleArn: role.arn,
      validationWindowHours: VALIDATION_WINDOW_HOURS,
      restoreMetadataOverrides: {
        dbSubnetGroupName: database.subnetGroupName,
        vpcSecurityGroupIds: `["${validation.restoredFirewallId}"]`,
        multiAz: "false",
        deletionProtection: "false",
      },
      dependsOn: role.rights,
    });
  }
}
