import { Command } from "commander";
import { type DeployOptions, runDeploy } from "./deploy";
import { type ReviewOptions, review } from "./review";

/** What `npm run review` understands. */
export const program = new Command("review").description(
  "Shows what a change will do, without credentials: both sides are synthesized and compared.",
);

program
  .command("compare", { isDefault: true })
  .description("review a change")
  .argument("[directories...]", "two synthesized trees, base and head: cdktf.out, or folders with cdktf.out and dist")
  .option("--base <commit>", "compare with this commit, synthesized beside the work tree")
  .option("--head <commit>", "review this commit instead of the work tree")
  .option("--json", "print the report as JSON")
  .option("--json-file <file>", "write the report as JSON")
  .option("--markdown <file>", "write a comment for a pull request")
  .option("--html <file>", "write the whole report as one HTML file")
  .option("--sarif <file>", "write findings for code scanning")
  .option("--fail-on <severity>", "exit with 2 if a finding of this or a higher severity is not accepted", "high")
  .action(async (directories: string[], options: ReviewOptions) => {
    process.exitCode = await review(directories, options);
  });

program
  .command("deploy")
  .description(
    "deploy a reviewed change: every real plan is compared with the review, and exactly that plan is applied",
  )
  .requiredOption("--base <commit or folder>", "what is deployed now, the base of the review")
  .requiredOption("--fingerprint <hash>", "fingerprint of the approved review")
  .option("--tree <folder>", "folder with the synthesized cdktf.out and dist to deploy; Terraform works in it", ".")
  .option("--stacks <patterns>", "only these stacks: names with *, separated by commas; ! excludes one", "*")
  .option("--plan-only", "compare without applying")
  .action(async (options: DeployOptions) => {
    process.exitCode = await runDeploy(options);
  });
