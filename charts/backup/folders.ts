import type { Environment } from "../../environments";

/** Folders of the backup bucket, by what is kept there. */
export const BACKUP_FOLDERS = {
  /** Database dumps of every six hours. */
  database: "database",
  /** The first dump of each day, kept longer. */
  databaseDaily: "database-daily",
  /** Journals and snapshots of the engines. */
  journal: "journal",
  /** Objects of the cluster as they were. */
  configuration: "configuration",
} as const;

export type BackupFolder = (typeof BACKUP_FOLDERS)[keyof typeof BACKUP_FOLDERS];

/** How long each folder's objects are kept: what the bucket's lifecycle rules must say. */
export function backupRetention({ recovery }: Environment): Readonly<Record<BackupFolder, number>> {
  return {
    [BACKUP_FOLDERS.database]: recovery.hotRetentionDays,
    [BACKUP_FOLDERS.databaseDaily]: recovery.backupRetentionDays,
    [BACKUP_FOLDERS.journal]: recovery.backupRetentionDays,
    [BACKUP_FOLDERS.configuration]: recovery.configurationRetentionDays,
  };
}
