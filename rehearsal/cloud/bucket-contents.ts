import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The files in the simulated buckets: one folder a bucket, one file a key. */
export class BucketContents {
  constructor(private readonly directory: string) {}

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
    // Outside of the bucket's folder, so that a cut-off write is no key.
    const partial = join(this.directory, `.partial-${encodeURIComponent(bucket)}-${encodeURIComponent(key)}`);
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
