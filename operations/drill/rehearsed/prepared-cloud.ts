import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A simulated cloud with everything deployed, kept for the next drill of the same stacks: raising one takes a minute,
 * and drills come in series. What was synthesized decides whether it is the same.
 */
export class PreparedCloud {
  private readonly folder: string;

  /** @param directory where prepared clouds are kept @param tree the synthesized stacks */
  constructor(
    private readonly directory: string,
    tree: string,
  ) {
    this.folder = join(directory, fingerprint(tree));
  }

  /** Copies it to where a drill works. False when there is none yet. */
  copyTo(target: string): boolean {
    if (!existsSync(this.folder)) return false;
    copy(this.folder, target);
    return true;
  }

  /** Keeps one, in the place of those of earlier stacks. */
  keep(source: string): void {
    if (existsSync(this.folder)) return;
    rmSync(this.directory, { recursive: true, force: true });
    mkdirSync(this.directory, { recursive: true });
    const draft = `${this.folder}.${process.pid}`;
    copy(source, draft);
    try {
      renameSync(draft, this.folder);
    } catch {
      // Another drill was faster.
      rmSync(draft, { recursive: true, force: true });
    }
  }
}

/** The lock belongs to the process that works there. */
function copy(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => path !== join(from, "lock") });
}

function fingerprint(tree: string): string {
  const hash = createHash("sha256");
  for (const stack of readdirSync(join(tree, "stacks")).sort()) {
    hash.update(stack).update(readFileSync(join(tree, "stacks", stack, "cdk.tf.json")));
  }
  return hash.digest("hex").slice(0, 16);
}
