/** How the disk of an engine process is made worse. */
export interface DiskStrain {
  /** What each sync takes longer. */
  readonly syncDelayMs: number;
  /** Writes fail with ENOSPC. */
  readonly full: boolean;
}

/** Names the file in which an engine process looks for the strain of its disk. */
export const STRAIN_FILE_VARIABLE = "DRILL_DISK_STRAIN";
