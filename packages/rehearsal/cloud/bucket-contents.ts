import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** End of the keys that Terraform's `use_lockfile` writes. */
const LOCK_SUFFIX = ".tflock";

/** The files in the simulated buckets: one folder a bucket, one file a key. */
export class BucketContents {
  constructor(private readonly directory: string) {}

  /**
   * Removes Terraform's locks; for whoever has the directory alone, so that they are those of commands that were
   * killed.
   */
  clearLocks(): void {
    for (const bucket of existsSync(this.directory) ? readdirSync(this.directory) : []) {
      const name = decodeURIComponent(bucket);
      for (const key of this.keys(name)) if (key.endsWith(LOCK_SUFFIX)) this.delete(name, key);
    }
  }

  keys(bucket: string): string[] {
    const folder = this.folder(bucket);
    return existsSync(folder) ? readdirSync(folder).map(decodeURIComponent).sort() : [];
  }

  get(bucket: string, key: string): Buffer | undefined {
    const path = this.path(bucket, key);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  put(bucket: string, key: string, content: Buffer): void {
    mkdirSync(this.folder(bucket), { recursive: true });
    const path = this.path(bucket, key);
    // Beside the folder of buckets, so that a cut-off write is neither a bucket nor a key.
    const partial = `${this.directory}.partial`;
    writeFileSync(partial, content);
    renameSync(partial, path);
  }

  delete(bucket: string, key: string): void {
    rmSync(this.path(bucket, key), { force: true });
  }

  /** Everything in a bucket that is gone. */
  clear(bucket: string): void {
    rmSync(this.folder(bucket), { recursive: true, force: true });
  }

  private folder(bucket: string): string {
    return join(this.directory, encodeURIComponent(bucket));
  }

  private path(bucket: string, key: string): string {
    return join(this.folder(bucket), encodeURIComponent(key));
  }
}
