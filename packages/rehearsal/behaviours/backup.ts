import type { Behaviours } from "./behaviour";

/** Backup plans and vaults. */
export const BACKUP: Behaviours = {
  aws_backup_vault: {
    id: "{name}",
    computed: { arn: "arn:aws:backup:{region}:{account}:backup-vault:{name}" },
    unique: [
      {
        attributes: ["name"],
        code: "AlreadyExistsException",
        message: "Backup vault with the same name already exists: {name}",
      },
    ],
    notFound: { code: "ResourceNotFoundException", message: "Backup vault {value} does not exist." },
    inUse: { code: "InvalidRequestException", message: "Backup vault {name} is used by a plan." },
  },
  aws_backup_plan: {
    id: "{uuid}",
    computed: { arn: "arn:aws:backup:{region}:{account}:backup-plan:{id}", version: "{hex:48}" },
    references: [{ attribute: "rule.target_vault_name", to: "aws_backup_vault", by: "name", holds: true }],
    notFound: { code: "ResourceNotFoundException", message: "Backup plan {value} does not exist." },
    inUse: {
      code: "InvalidRequestException",
      message: "Related backup plan selections must be deleted prior to {name}",
    },
  },
  aws_backup_selection: {
    id: "{uuid}",
    references: [
      { attribute: "plan_id", to: "aws_backup_plan", holds: true },
      { attribute: "iam_role_arn", to: "aws_iam_role", by: "arn" },
    ],
  },
  aws_backup_restore_testing_plan: {
    id: "{name}",
    computed: { arn: "arn:aws:backup:{region}:{account}:restore-testing-plan:{name}" },
    inUse: { code: "InvalidRequestException", message: "Restore testing plan {name} still has selections." },
  },
  aws_backup_restore_testing_selection: {
    id: "{restore_testing_plan_name}/{name}",
    references: [
      { attribute: "restore_testing_plan_name", to: "aws_backup_restore_testing_plan", by: "name", holds: true },
      { attribute: "iam_role_arn", to: "aws_iam_role", by: "arn" },
    ],
  },
  aws_backup_vault_lock_configuration: {
    id: "{backup_vault_name}",
    computed: { backup_vault_arn: "arn:aws:backup:{region}:{account}:backup-vault:{backup_vault_name}" },
    references: [{ attribute: "backup_vault_name", to: "aws_backup_vault", by: "name" }],
  },
};
