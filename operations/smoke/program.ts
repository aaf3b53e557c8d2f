import { Command } from "commander";
import { type Environment, environmentInputs, loadEnvironments } from "../../environments";
import { UsageError } from "../usage-error";
import { LocalEngine } from "./local-engine";
import { passed, render, type SmokeReport } from "./report";
import { END_TO_END_STEPS, SMOKE_STEPS, smoke } from "./smoke";
import { publicTarget, TOKEN_VARIABLE } from "./target";

interface Options {
  readonly endToEnd?: boolean;
  readonly rehearse?: boolean;
  readonly json?: boolean;
}

/** What `npm run smoke` understands. */
export const program = new Command("smoke")
  .description(
    "Tests once what users do: page, API, WebSocket, and a pair of orders of a canary account, which leaves nothing behind. " +
      `${TOKEN_VARIABLE} contains the account's token. Exit code 1 if a step fails.`,
  )
  .argument("<environment>", Object.keys(environmentInputs).join(", "))
  .option("--end-to-end", "also waits until the database has the orders and the trade")
  .option("--rehearse", "tests an engine of this checkout, started on this machine; needs no token")
  .option("--json", "prints the results as JSON")
  .showHelpAfterError("(use --help for usage)")
  .action(async (name: string, options: Options) => {
    const environment = environmentNamed(name);
    const report = options.rehearse ? await ofLocalEngine(environment, options) : await ofPublic(environment, options);
    console.log(options.json ? JSON.stringify(report, null, 2) : render(report));
    if (!passed(report)) process.exitCode = 1;
  });

function environmentNamed(name: string): Environment {
  const input = environmentInputs[name];
  if (!input) {
    throw new UsageError(`no environment "${name}"; choose one of: ${Object.keys(environmentInputs).join(", ")}`);
  }
  return loadEnvironments({ [name]: input })[0]!;
}

const stepsFor = ({ endToEnd }: Options) => (endToEnd ? END_TO_END_STEPS : SMOKE_STEPS);

async function ofPublic(environment: Environment, options: Options): Promise<SmokeReport> {
  const token = process.env[TOKEN_VARIABLE];
  if (!token) {
    throw new UsageError(
      `${TOKEN_VARIABLE} is not set; give the token of a canary account with scopes read and trade, or add --rehearse`,
    );
  }
  const target = publicTarget(environment, token);
  return { environment: environment.name, asked: target.url, results: await smoke(target, stepsFor(options)) };
}

async function ofLocalEngine(environment: Environment, options: Options): Promise<SmokeReport> {
  const engine = await LocalEngine.start(environment);
  try {
    const results = await smoke(engine.target(environment), stepsFor(options));
    const asked = "an engine of this checkout on this machine, without edge and gateway";
    return { environment: environment.name, asked, results };
  } finally {
    await engine.stop();
  }
}
