import { movedTo } from "./derive";
import { loadEnvironments } from "./load";
import { anEnvironment } from "./testing";

const load = (like: "development" | "production") => loadEnvironments({ [like]: anEnvironment(like) })[0]!;

describe("a checked environment", () => {
  it("knows of each of two regions which role it has and which is the other one", () => {
    const { regions, active, standby } = load("production");
    expect(regions.map(({ name, role, peer }) => [name, role, peer?.name])).toEqual([
      ["eu-west-1", "active", "eu-central-1"],
      ["eu-central-1", "standby", "eu-west-1"],
    ]);
    expect([active, standby]).toEqual(regions);
  });

  it("of one region has nobody who stands by", () => {
    const { regions, active, standby } = load("development");
    expect([active, standby]).toEqual([regions[0], undefined]);
    expect(active).toMatchObject({ role: "active", peer: undefined });
  });

  it("has the lane and the subnets as values that nobody has to compute again", () => {
    const { lane, active } = load("production");
    expect(`${lane.partition.isolated}`).toBe("2-7");
    expect(active.subnets.map(({ zone }) => zone)).toEqual(["eu-west-1a", "eu-west-1b", "eu-west-1c"]);
  });

  it("changes roles, and the order of the file not, when its writes move", () => {
    const moved = movedTo(load("production"), "eu-central-1");
    expect(moved.regions.map(({ name, role }) => [name, role])).toEqual([
      ["eu-west-1", "standby"],
      ["eu-central-1", "active"],
    ]);
    expect([moved.active.name, moved.activeRegion]).toEqual(["eu-central-1", "eu-central-1"]);
  });
});
