import { stackId } from "../../../vocabulary";
import type { Fault } from "../scenarios/action";
import type { Stage } from "./stage";

/** A release that no registry has: the engine does not start with it. */
const BAD_DIGEST = `sha256:${"bad0".repeat(16)}`;

/** Breaks what a scenario is about. A fault that is there already is left as it is. */
export async function inflict(fault: Fault, stage: Stage): Promise<Readonly<Record<string, unknown>>> {
  const { rehearsal, fleet, platform } = stage;
  switch (fault.name) {
    case "region-lost":
      rehearsal.loseRegion(fault.region);
      fleet.engine(fault.region).freeze();
      return { lost: fault.region };
    case "zone-lost":
      await fleet.power(fault.region, false);
      return { killed: "engine" };
    case "states-lost": {
      const keys = platform.stateKeys(stage.environment(), fault.region);
      const bucket = rehearsal.bucket(stage.resourceNames().regions[fault.region]!.stateBucket);
      for (const key of keys) bucket.delete(key);
      return { deleted: keys };
    }
    case "edge-blinded": {
      const filter = { type: "cloudflare_load_balancer_pool" };
      const pools = rehearsal
        .objects(filter)
        .filter(({ attributes }) => JSON.stringify(attributes.origins).includes(fault.region));
      for (const { id } of pools) rehearsal.drift({ ...filter, id }, { enabled: false });
      return { switchedOff: pools.map(({ id }) => id) };
    }
    case "bad-release": {
      const [repository] = stage.environment().images.engine.split("@");
      stage.overlay.change([{ field: "images.engine", to: `${repository}@${BAD_DIGEST}` }]);
      stage.synthesize();
      await stage.deploy(stackId(stage.environment(), "workloads", fault.region));
      return { released: `${repository}@${BAD_DIGEST}` };
    }
    case "database-lost":
    case "data-corrupted":
    case "secret-expired":
      throw new Error(`the rehearsal cannot inject ${fault.name}`);
  }
}

/** Ends a fault that time or AWS would end. */
export async function repair(fault: Fault, stage: Stage): Promise<Readonly<Record<string, unknown>>> {
  const { rehearsal, fleet } = stage;
  if (fault.name === "region-lost") {
    fleet.engine(fault.region).thaw();
    rehearsal.restoreRegion(fault.region);
  }
  if (fault.name === "zone-lost") await fleet.power(fault.region, true);
  return { over: fault.name };
}
