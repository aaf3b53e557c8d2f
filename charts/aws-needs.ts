import type { CacheUserName } from "../vocabulary";
import type { BackupFolder } from "./backup/folders";

/**
 * What a workload's pods need of AWS, in the platform's words. Whoever creates the resources turns it into a policy,
 * because only there the ARNs are known.
 */
export type AwsNeed =
  /** Sign in to the brokers by IAM; read and write the environment's topics. */
  | { readonly kind: "brokers" }
  /** Sign in to the cache by IAM as one of its users. */
  | { readonly kind: "cache"; readonly user: CacheUserName }
  /** Write into, and read back from, one folder of the backup bucket. */
  | { readonly kind: "write-backups"; readonly folder: BackupFolder }
  /** Read one folder of the backup bucket. */
  | { readonly kind: "read-backups"; readonly folder: BackupFolder }
  /** Write to log groups by name. */
  | { readonly kind: "write-logs"; readonly logGroups: readonly string[] };

/** A service account whose pods get an AWS role, and what the role must allow. */
export interface PodIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly needs: readonly AwsNeed[];
}
