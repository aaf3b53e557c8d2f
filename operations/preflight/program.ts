import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRehearsal } from "@hft/rehearsal";
import { Command } from "commander";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";
import { UsageError } from "../usage-error";
import { type Needs, needsOf } from "./needs";
import { preflight, sourcesOf } from "./preflight";
import { count, type PreflightReport, render } from "./report";

interface Options {
  readonly json?: boolean;
  readonly rehearse?: boolean;
  readonly directory: string;
}

/** What `npm run preflight` understands. */
export const program = new Command("preflight")
  .description(
    "Checks an account for everything that a deploy needs. It changes nothing. Exit code 1 if something is missing.",
  )
  .argument("<environment>", Object.keys(environmentInputs).join(", "))
  .option("--rehearse", "checks the simulated account instead of the one in the shell's credentials")
  .option("--directory <path>", "directory of the simulated cloud", ".rehearsal")
  .option("--json", "prints the findings as JSON")
  .showHelpAfterError("(use --help for usage)")
  .action(async (name: string, options: Options) => {
    const needs = needsFor(name);
    const report = options.rehearse ? await ofSimulatedAccount(needs, options.directory) : await ofAccount(needs);
    console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
    if (count(report, "missing") > 0) process.exitCode = 1;
  });

function needsFor(name: string): Needs {
  const input = environmentInputs[name];
  if (!input) {
    throw new UsageError(`no environment "${name}"; choose one of: ${Object.keys(environmentInputs).join(", ")}`);
  }
  const draft = mkdtempSync(join(tmpdir(), "preflight-"));
  try {
    return needsOf(synthesize({ [name]: input }, join(draft, "cdktf.out"))[0]!);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function ofAccount(needs: Needs): Promise<PreflightReport> {
  const findings = await preflight(needs, sourcesOf(needs, process.env));
  return { environment: needs.environment.name, asked: "AWS and Cloudflare with this shell's credentials", findings };
}

async function ofSimulatedAccount(needs: Needs, directory: string): Promise<PreflightReport> {
  const rehearsal = await startRehearsal({ directory, account: { id: needs.environment.accountId } });
  try {
    const findings = await preflight(needs, sourcesOf(needs, rehearsal.environmentVariables()));
    const asked = `the simulated account in ${directory}, without what ${directory}/account.json removes`;
    return { environment: needs.environment.name, asked, findings };
  } finally {
    await rehearsal.stop();
  }
}
