import { spawnSync } from "node:child_process";

/** Whether the tests can run the real Terraform; says so when they cannot. */
export function terraformInstalled(): boolean {
  const { status } = spawnSync("terraform", ["version"], { env: { ...process.env, TF_CLI_CONFIG_FILE: "" } });
  if (status === 0) return true;
  process.stderr.write("skipped: terraform is not installed; the rehearsal is tested with Terraform 1.11\n");
  return false;
}
