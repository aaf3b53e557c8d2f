import { rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command";
import { selectStacks, stacksOf } from "./tree";
import { copyStack } from "./working-copy";

export interface ValidationSite {
  /** Folder of the rehearsal. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
}

interface ValidationReport {
  readonly diagnostics: readonly {
    readonly severity: string;
    readonly summary: string;
    readonly detail: string;
    readonly address?: string;
  }[];
}

/** What the real `terraform validate` has against a stack; nothing when it is valid. No backend is touched. */
export async function validateStack(tree: string, stackName: string, site: ValidationSite): Promise<readonly string[]> {
  const [stack] = selectStacks(stacksOf(tree), [stackName]);
  const folder = join(site.directory, "validation", "stacks", stackName);
  copyStack(tree, stack!, folder, join(site.directory, "states"));
  const options = { directory: folder, environment: site.environment };
  try {
    const initialized = await runCommand("terraform", ["init", "-backend=false", "-input=false", "-no-color"], options);
    if (initialized.exitCode !== 0) return [initialized.output];
    const { stdout } = await runCommand("terraform", ["validate", "-json"], options);
    const { diagnostics } = JSON.parse(stdout) as ValidationReport;
    return diagnostics.map(({ summary, detail, address }) => `${address ? `${address}: ` : ""}${summary}: ${detail}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
