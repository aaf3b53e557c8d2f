import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CloudObject, Rehearsal } from "@hft/rehearsal";
import { environmentInputs } from "../../../environments";
import { DeployedPlatform } from "./deployed-platform";
import { EnvironmentOverlay } from "./environment-overlay";

const object = (type: string, region: string, id: string, attributes: object) =>
  ({ type, region, id, owner: "test", attributes }) as unknown as CloudObject;
const manifest = (region: string, value: object) =>
  object("kubernetes_manifest", region, "", { manifest: { type: [], value } });
const pool = (id: string, region: string, enabled: boolean) =>
  object("cloudflare_load_balancer_pool", "global", id, { enabled, origins: [{ name: region }] });

/** A cloud in which eu-west-1 is the active region. */
function aDeployedPlatform(objects: readonly CloudObject[] = []): DeployedPlatform {
  const all = [
    object("cloudflare_load_balancer", "global", "lb", { default_pools: ["p1", "p2"] }),
    manifest("eu-west-1", {
      kind: "ConfigMap",
      metadata: { name: "platform-endpoints" },
      data: { REGION_ROLE: "active" },
    }),
    ...objects,
  ];
  const matches = (each: CloudObject, filter: object) =>
    Object.entries(filter).every(([key, value]) => each[key as keyof CloudObject] === value);
  const rehearsal = {
    objects: (filter = {}) => all.filter((each) => matches(each, filter)),
    lostRegions: () => ["eu-north-1"],
  };
  const resourceNames = { regions: { "eu-west-1": { database: "orders-2" } } };
  return new DeployedPlatform(rehearsal as unknown as Rehearsal, () => resourceNames as never);
}

describe("the platform of a rehearsal", () => {
  it("has the edge's regions in its order, without pools that are switched off", () => {
    expect(aDeployedPlatform([pool("p2", "b", true), pool("p1", "a", true)]).edgeOrder()).toEqual(["a", "b"]);
    expect(aDeployedPlatform([pool("p1", "a", false), pool("p2", "b", true)]).edgeOrder()).toEqual(["b"]);
  });

  it("has the role that a region's workloads give the engine", () => {
    expect(aDeployedPlatform().roleOf("eu-west-1")).toBe("active");
    expect(aDeployedPlatform().roleOf("eu-central-1")).toBeUndefined();
  });

  it("has the engine's image", () => {
    const containers = [{ name: "engine", image: "registry/engine@sha256:1" }];
    const set = { kind: "StatefulSet", metadata: { name: "engine" }, spec: { template: { spec: { containers } } } };
    expect(aDeployedPlatform([manifest("eu-west-1", set)]).engineImage("eu-west-1")).toBe("registry/engine@sha256:1");
  });

  it("tells the database that is described from one that was set aside", () => {
    const instance = (identifier: string) => object("aws_db_instance", "eu-west-1", identifier, { identifier });
    expect(aDeployedPlatform([instance("orders"), instance("orders-2")]).database("eu-west-1")?.id).toBe("orders-2");
  });
});

describe("changes of an environment in a rehearsal", () => {
  const file = () => join(mkdtempSync(join(tmpdir(), "overlay-")), "environment.json");

  it("leave the environment's own file alone, and are known again after a restart", () => {
    const path = file();
    new EnvironmentOverlay(environmentInputs.production!, path).change([
      { field: "activeRegion", to: "eu-central-1" },
      { field: "database.generation.eu-west-1", to: 2 },
    ]);
    const again = new EnvironmentOverlay(environmentInputs.production!, path).environment();
    expect(again.activeRegion).toBe("eu-central-1");
    expect(again.database.generation).toEqual({ "eu-west-1": 2, "eu-central-1": 1 });
    expect(environmentInputs.production!.activeRegion).toBe("eu-west-1");
  });

  it("are held against the environment's rules", () => {
    const overlay = new EnvironmentOverlay(environmentInputs.production!, file());
    overlay.change([{ field: "activeRegion", to: "us-east-1" }]);
    expect(() => overlay.environment()).toThrow("us-east-1 is not described");
  });

  it("cannot be of a field that there is not", () => {
    const overlay = new EnvironmentOverlay(environmentInputs.production!, file());
    overlay.change([{ field: "active", to: "x" }]);
    expect(() => overlay.input()).toThrow("no field active");
  });
});
