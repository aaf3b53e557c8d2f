import { Command, InvalidArgumentError } from "commander";
import { killUnderLoad } from "./crash-test";
import { failOverUnderLoad } from "./failover-test";

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError("give a whole number from 1 on");
  return value;
};

new Command("crash")
  .description("kills real engine processes under load and looks whether anything acknowledged is lost or doubled")
  .option("--kills <n>", "kill -9 of a single engine", whole, 1_000)
  .option("--failovers <n>", "kill -9 of the active one of two engines, with promotion of the other", whole, 100)
  .option("--seed <n>", "decides loads and moments", whole, 1)
  .action(async ({ kills, failovers, seed }: { kills: number; failovers: number; seed: number }) => {
    const show = (what: string, all: number) => (done: number) => {
      if (done % 25 === 0 || done === all) process.stderr.write(`${what}: ${done} of ${all}\n`);
    };
    const crashes = await killUnderLoad(kills, seed, show("kills", kills));
    const takeovers = await failOverUnderLoad(failovers, seed, show("failovers", failovers));
    for (const [what, report] of Object.entries({ "kill -9": crashes, failover: takeovers })) {
      process.stdout.write(
        `${what}: ${report.kills} times; ${report.sent} orders sent, ${report.durable} acknowledged as durable, ` +
          `0 of them lost, 0 doubled; ${report.survivedUnacknowledged} survived without an acknowledgement\n`,
      );
    }
  })
  .parseAsync()
  .catch((error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
