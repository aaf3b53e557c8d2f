import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { journalFollows } from "../execution/journal-gate";
import { EngineFleet } from "../rehearsed/engine-fleet";
import type { Step } from "../scenarios/scenario";
import { EngineConnection } from "../trading/connection";
import { obeyInstruction } from "./instructed";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(180_000);

const [FROM, TO] = ["north", "south"] as const;

const step = (actions: Step["actions"]): Step => ({
  id: "return-fence-writers",
  title: "Fence",
  phase: "fence",
  actions,
  budgetSeconds: 15,
  ifItFails: "deploy the workloads again",
});
const waits = step([{ kind: "await", condition: { name: "journal-follows", from: FROM, to: TO } }]);

describe("an instruction to deploy an engine again", () => {
  const directory = mkdtempSync(join(tmpdir(), "instructed-"));
  let fleet: EngineFleet;
  beforeAll(async () => {
    fleet = await EngineFleet.build({
      directory,
      regions: [FROM, TO],
      platform: {
        isLost: () => false,
        roleOf: (region) => (region === FROM ? "active" : "standby"),
        edgeOrder: () => [FROM],
        engineImage: () => "registry.example/engine@sha256:1",
      },
      openDoor: (address) => EngineConnection.open(address),
      goodImage: () => "registry.example/engine@sha256:1",
    });
    await fleet.raise();
    await attached();
  });
  afterAll(async () => {
    await fleet.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function attached(): Promise<void> {
    while ((await fleet.facts(FROM)).standby !== "attached") await pause(50);
  }
  const gate = async () => journalFollows(await fleet.facts(FROM), await fleet.facts(TO), 1);

  it("is obeyed where the former active engine ended without a word, and the step can go on", async () => {
    await fleet.engine(FROM).kill();
    await fleet.scaleDown(FROM);
    expect(await gate()).toMatchObject({ holds: false, saw: expect.stringContaining("north: silent") });
    expect(await obeyInstruction(waits, fleet)).toBe("the engine of north was deployed again");
    expect((await fleet.facts(FROM)).standby).toBe("attached");
    await fleet.scaleDown(FROM);
    expect(await gate()).toMatchObject({ holds: true });
  });

  it("is not read into steps that only have to be tried again", async () => {
    await fleet.deployed(FROM);
    await attached();
    expect(await obeyInstruction(waits, fleet)).toBeUndefined();
    expect(await obeyInstruction(step([]), fleet)).toBeUndefined();
  });
});
