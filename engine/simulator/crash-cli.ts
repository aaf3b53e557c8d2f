import { Command, InvalidArgumentError } from "commander";
import { killUnderLoad } from "./crash-test";
import { failOverUnderLoad } from "./failover-test";
import { crashService } from "./service-crash";

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError("give a whole number from 0 on");
  return value;
};

interface Options {
  readonly kills: number;
  readonly failovers: number;
  readonly seed: number;
  readonly lanes: number;
  readonly engineOnly?: true;
}

const show = (what: string, all: number) => (done: number) => {
  if (done % 10 === 0 || done === all) process.stderr.write(`${what}: ${done} of ${all}\n`);
};

async function crashWholeService({ kills, failovers, seed, lanes }: Options): Promise<void> {
  const shows = { kills: show("kills", kills), failovers: show("failovers", failovers) };
  const onKill = (what: string, done: number) => shows[what as keyof typeof shows](done);
  const reports = await crashService({ kills, failovers, seed, lanes, onKill });
  for (const [what, report] of Object.entries(reports)) {
    process.stdout.write(
      `${what}: ${report.kills} times; ${report.answers} actions answered and in the audit once; ${report.orders} orders ` +
        `over HTTP and ${report.binaryOrders} in binary acknowledged, 0 of them lost, 0 doubled; all keys hold\n`,
    );
  }
}

async function crashEngine({ kills, failovers, seed }: Options): Promise<void> {
  const crashes = await killUnderLoad(kills, seed, show("kills", kills));
  const takeovers = await failOverUnderLoad(failovers, seed, show("failovers", failovers));
  for (const [what, report] of Object.entries({ "kill -9": crashes, failover: takeovers })) {
    process.stdout.write(
      `${what}: ${report.kills} times; ${report.sent} orders sent, ${report.durable} acknowledged as durable, ` +
        `0 of them lost, 0 doubled; ${report.survivedUnacknowledged} survived without an acknowledgement\n`,
    );
  }
}

new Command("crash")
  .description("kills real processes under load and checks whether any acknowledged order is lost or duplicated")
  .option("--kills <n>", "kill -9 of a single service", whole, 1_000)
  .option("--failovers <n>", "kill -9 of the active one of two services, with promotion of the other", whole, 100)
  .option("--seed <n>", "decides loads and moments", whole, 1)
  .option("--lanes <n>", "services that are killed side by side", whole, 2)
  .option("--engine-only", "the engine without HTTP, WebSocket, audit and database: more orders between two kills")
  .action((options: Options) => (options.engineOnly ? crashEngine(options) : crashWholeService(options)))
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
