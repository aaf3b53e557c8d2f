import { environmentInputs, loadEnvironments } from "../../environments";
import { regionLoss } from "../scenarios/region-loss";
import { DEFAULT_RETRIES, situationOf } from "../scenarios/scenario";
import { disturbanceOf } from "./series-chance";

const [production] = loadEnvironments({ production: environmentInputs.production });
const steps = regionLoss.recovery(situationOf(production!));
const fifty = Array.from({ length: 50 }, (_, index) => disturbanceOf(index + 1, steps));

describe("what goes wrong in a series of drills", () => {
  it("is decided by the seed alone", () => {
    expect(disturbanceOf(7, steps)).toEqual(disturbanceOf(7, steps));
    expect(disturbanceOf(7, steps)).not.toEqual(disturbanceOf(8, steps));
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

  it("comes at different times", () => {
    expect(new Set(fifty.map(({ loadMs }) => loadMs)).size).toBeGreaterThan(40);
  });
});
