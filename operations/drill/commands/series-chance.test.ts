import { environmentInputs, loadEnvironments } from "../../../environments";
import { regionLoss } from "../scenarios/region-loss";
import { FOLLOW_AGAIN } from "../scenarios/return";
import { DEFAULT_RETRIES, situationOf } from "../scenarios/scenario";
import { disturbanceOf } from "./series-chance";

const [production] = loadEnvironments({ production: environmentInputs.production });
const steps = regionLoss.recovery(situationOf(production!));
const sides = { active: "eu-west-1", standby: "eu-central-1" };
const fifty = Array.from({ length: 50 }, (_, index) => disturbanceOf(index + 1, steps, sides));

describe("what goes wrong in a series of drills", () => {
  it("is decided by the seed alone", () => {
    expect(disturbanceOf(7, steps, sides)).toEqual(disturbanceOf(7, steps, sides));
    expect(disturbanceOf(7, steps, sides)).not.toEqual(disturbanceOf(8, steps, sides));
  });

  it("reaches every step and every kind of failure within fifty drills", () => {
    const failures = fifty.flatMap((each) => Object.entries(each.failures));
    expect(new Set(failures.map(([step]) => step))).toEqual(new Set(steps.map(({ id }) => id)));
    expect(new Set(failures.flatMap(([, kinds]) => kinds))).toEqual(new Set(["fails-before", "fails-after", "hangs"]));
    const faults = fifty.flatMap(({ cloudFaults }) => cloudFaults);
    expect(new Set(faults.map(({ call }) => call)).size).toBeGreaterThan(5);
    expect(new Set(faults.map(({ kind }) => kind))).toEqual(new Set(["fails", "hangs"]));
    const known = new Set(steps.map(({ id }) => id));
    expect(faults.filter(({ step }) => !known.has(step))).toEqual([]);
  });

  it("makes some drills stop and lets others recover by themselves", () => {
    const stops = fifty.filter(({ failures }) => Object.values(failures).some((list) => list.length > DEFAULT_RETRIES));
    expect(stops.length).toBeGreaterThan(5);
    expect(stops.length).toBeLessThan(45);
  });

  it("puts every kind of strain on disks, lines and machine, before the fault and on the way back", () => {
    const strains = fifty.flatMap((each) => each.strains);
    const kindsAt = (step: string) =>
      new Set(strains.filter((each) => each.step === step).map(({ strain }) => strain.kind));
    const all = new Set(["slow-syncs", "full-disk", "throttled-line", "cut-line", "left-alone", "busy-machine"]);
    expect(kindsAt("preconditions")).toEqual(all);
    expect(kindsAt(FOLLOW_AGAIN)).toEqual(all);
    for (const { strains: own } of fifty) expect(own.length).toBeGreaterThanOrEqual(2);
  });

  it("leaves the engine alone that leads at that time", () => {
    const alone = fifty.flatMap(({ strains }) => strains).filter(({ strain }) => strain.kind === "left-alone");
    for (const { step, strain } of alone) {
      expect(strain).toMatchObject({ region: step === FOLLOW_AGAIN ? sides.standby : sides.active });
    }
  });

  it("comes at different times", () => {
    expect(new Set(fifty.map(({ loadMs }) => loadMs)).size).toBeGreaterThan(40);
  });
});
