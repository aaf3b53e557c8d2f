import { rmSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "@hft/toolkit";
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
  const options = { cwd: folder, env: site.environment };
  try {
    const initialized = await runProgram("terraform", ["init", "-backend=false", "-input=false", "-no-color"], options);
    if (initialized.status !== 0) return [initialized.output.trimEnd()];
    const { stdout } = await runProgram("terraform", ["validate", "-json"], options);
    const { diagnostics } = JSON.parse(stdout) as ValidationReport;
    return diagnostics.map(({ summary, detail, address }) => `${address ? `${address}: ` : ""}${summary}: ${detail}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
