import { shellLine } from "../drill/live/command";
import { synthesizedResourceNames } from "../drill/live/synthesized-resource-names";
import { backUp, continueAlone, maintenance, promote, restore, rollback, rotate, SCALABLE, scale } from "./operations";

const resourceNames = synthesizedResourceNames("production");
const lines = (operation: { commands: readonly Parameters<typeof shellLine>[0][] }) =>
  operation.commands.map(shellLine);

describe("operations", () => {
  it("roll the engines of every region back by their digest", () => {
    const before = `engine@sha256:${"0".repeat(64)}`;
    const operation = rollback(resourceNames, before);
    expect(operation.change).toEqual({ field: "images.engine", to: before });
    // The standby's region first: what leads never runs ahead of what follows it.
    expect(lines(operation).filter((line) => line.includes(" apply "))).toEqual([
      "terraform -chdir=cdktf.out/stacks/production-eu-central-1-workloads apply -input=false drill.tfplan",
      "terraform -chdir=cdktf.out/stacks/production-eu-west-1-workloads apply -input=false drill.tfplan",
    ]);
    expect(operation.undo).toContain(resourceNames.environment.images.engine);
  });

  it.each([
    ["gateway.max", ["workloads"]],
    ["nodePools.general.minNodes", ["addons"]],
    ["nodePools.general.maxNodes", ["cluster", "addons"]],
  ])("scale %s in both regions, in the layers that it belongs to", (field, layers) => {
    const applied = lines(scale(resourceNames, field, 30, 20)).filter((line) => line.includes(" apply "));
    expect(applied).toEqual(
      ["eu-west-1", "eu-central-1"].flatMap((region) =>
        layers.map(
          (layer) => `terraform -chdir=cdktf.out/stacks/production-${region}-${layer} apply -input=false drill.tfplan`,
        ),
      ),
    );
  });

  it.each(Object.keys(SCALABLE))("scale %s, which the environment has", (field) => {
    const value = field
      .split(".")
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], resourceNames.environment);
    expect(value).toEqual(expect.any(Number));
  });

  it("plan before they apply, and apply that plan", () => {
    const commands = lines(rollback(resourceNames, "engine@sha256:0"));
    const plan = commands.findIndex((line) => line.includes("plan -input=false -out=drill.tfplan"));
    expect(plan).toBeGreaterThan(-1);
    expect(commands[plan + 1]).toContain("apply -input=false drill.tfplan");
  });

  it("name the database, the secrets and the cluster as the stacks do", () => {
    expect(lines(backUp(resourceNames, "eu-west-1"))[0]).toContain(
      "--db-instance-identifier hft-production-eu-west-1-orders ",
    );
    expect(lines(rotate(resourceNames, "database-password", "eu-west-1"))).toEqual([
      "aws secretsmanager rotate-secret --secret-id /hft/production/eu-west-1/database --region eu-west-1",
    ]);
    expect(lines(rotate(resourceNames, "engine-token-key", "eu-west-1"))[0]).toContain(
      "/hft/production/global/engine-token-key",
    );
  });

  it("restore beside what stands", () => {
    const [command] = lines(restore(resourceNames, "eu-west-1", "2026-03-02T08:15:30Z"));
    expect(command).toContain("--target-db-instance-identifier hft-production-eu-west-1-orders-restored");
    expect(command).toContain("--restore-time 2026-03-02T08:15:30Z");
  });

  it("never write a token into a command", () => {
    const [command] = lines(maintenance(resourceNames, true));
    expect(command).toContain("$HFT_OPERATOR_TOKEN");
    expect(command).toContain('{"on":true,"cancelOpenOrders":false}');
  });

  it("let the active engine go on without its standby, by its own API", () => {
    const [command] = lines(continueAlone(resourceNames, "eu-west-1"));
    expect(command).toContain("$HFT_OPERATOR_TOKEN");
    expect(command).toContain("--context hft-production-eu-west-1");
    expect(command).toContain("/api/admin/continue-alone");
  });

  it("give a restored database the place and settings of the one that stands", () => {
    const [command] = lines(restore(resourceNames, "eu-west-1", "latest"));
    for (const part of [
      "--db-subnet-group-name hft-production-eu-west-1-orders-database",
      "--db-parameter-group-name hft-production-eu-west-1-orders-postgres16",
      "Name=group-name,Values=hft-production-eu-west-1-orders-database",
      "--multi-az",
      "--no-publicly-accessible",
      "--deletion-protection",
    ])
      expect(command).toContain(part);
  });

  it("rotate a key in every region that runs engines", () => {
    const rotation = lines(rotate(resourceNames, "engine-token-key", "eu-west-1"));
    for (const cluster of Object.values(resourceNames.regions).map((region) => region.cluster)) {
      expect(
        rotation.filter((line) => line.includes(`--context ${cluster} `)).map((line) => line.split(" ")[5]),
      ).toEqual(["annotate", "rollout", "rollout"]);
    }
  });
});

describe("operations where one region runs two engines", () => {
  const staging = synthesizedResourceNames("staging");

  it.each([
    ["promote", () => promote(staging, "eu-west-1", "planned"), "standby"],
    ["continue alone", () => continueAlone(staging, "eu-west-1"), "active"],
  ] as const)("%s with the engine that is in the role", (_name, operation, role) => {
    const [command] = operation().commands;
    const script = command!.argv[2]!;
    expect(script).toContain("for pod in engine-0 engine-1; do");
    expect(script).toContain(`hft_role{role=\\"${role}\\"} 1`);
  });

  it("refuse a promotion where there is no second engine", () => {
    expect(() => promote(resourceNames, "eu-west-1", "planned")).toThrow("production runs one engine in eu-west-1");
  });
});

describe("operations where the database is on premises", () => {
  const hybrid = synthesizedResourceNames("hybrid");
  const region = hybrid.environment.activeRegion;

  it.each([
    ["backup", () => backUp(hybrid, region)],
    ["restore", () => restore(hybrid, region, "latest")],
    ["rotation", () => rotate(hybrid, "database-password", region)],
  ])("refuse a %s of it", (_name, operation) => {
    expect(operation).toThrow("the database of hybrid is on premises");
  });
});
