import { runTool } from "@hft/testing";
import { Command } from "commander";
import { addOperateCommands } from "../../operate/operate-commands";
import { addDrillCommands } from "./drill-commands";

/** What a command line is refused with. */
async function refusal(add: (program: Command) => void, ...parameters: string[]): Promise<string> {
  const program = new Command();
  add(program);
  const error = await program.parseAsync(parameters, { from: "user" }).then(
    () => new Error("it was not refused"),
    (reason: Error) => reason,
  );
  return error.message;
}

describe("the drill's command line", () => {
  it.each([
    [["region-los", "production"], 'no scenario "region-los"; choose one of: region-loss, zone-loss'],
    [["region-loss", "prod"], 'no environment "prod"; choose one of: development, staging, production, hybrid'],
    [["region-loss", "production", "--seed", "one"], '"one" is not a whole number'],
    [["region-loss", "development"], "development has one region (eu-west-1); this scenario moves to a second one"],
    [
      ["corrupted-data", "production"],
      "corrupted-data cannot be rehearsed: databases of the simulated cloud have no rows",
    ],
    [["series", "corrupted-data", "production"], "corrupted-data cannot be rehearsed"],
    [["series", "expired-secret", "production"], "expired-secret cannot be run as a series"],
    [["series", "region-loss", "production", "--seed", "one"], '"one" is not a whole number'],
    [["resume", "20200101-000000-region-loss"], 'no drill "20200101-000000-region-loss"'],
  ])("refuses %j with what to type instead", async (parameters, message) => {
    expect(await refusal(addDrillCommands, ...parameters)).toContain(message);
  });

  it("leaves the options of a command to that command", () => {
    const program = new Command();
    addDrillCommands(program);
    const resume = program.commands.find((command) => command.name() === "resume")!;
    resume.action(() => {});
    program.parse(["resume", "an-id", "--yes", "--directory", "elsewhere"], { from: "user" });
    expect(resume.opts()).toMatchObject({ yes: true, directory: "elsewhere" });
    expect(program.opts()).toMatchObject({ yes: false });
  });

  it("ends bad input with exit code 1, the message on stderr and no stack trace", () => {
    const parameters = ["--import", "tsx", "operations/drill/main.ts", "region-los", "production"];
    const { status, stdout, stderr } = runTool("node", parameters);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain('no scenario "region-los"');
    expect(stderr).not.toContain("    at ");
  });
});

describe("the command line of operations", () => {
  it.each([
    [["scale", "production", "engines", "3"], '"engines" is not supported; choose one of: frontend.min'],
    [["scale", "production", "gateway.max", "many"], '"many" is not a whole number'],
    [["rotate", "production", "slack"], '"slack" is not supported; choose one of: engine-token-key'],
    [["maintenance", "production", "maybe"], '"maybe" is not supported; choose one of: on, off'],
    [["restore", "production", "--to", "yesterday"], '"yesterday" is not a point in time'],
    [["set", "production", "activeRegion", "eu-central-1"], "a string needs its own quotes"],
    [["backup", "prod"], 'no environment "prod"'],
    [["set-aside", "lose", "production"], '"lose" is not supported; choose one of: list, show, replay'],
    [["set-aside", "replay", "production"], 'replay needs the name of a file; "set-aside list" lists them'],
    [["set-aside", "show", "production", "journal-1.log"], '"journal-1.log" is not a file of commands'],
    [["set-aside", "list", "prod"], 'no environment "prod"'],
  ])("refuses %j with what to type instead", async (parameters, message) => {
    expect(await refusal(addOperateCommands, ...parameters)).toContain(message);
  });
});
