import { stackId } from "../../../vocabulary";
import type { Imperative } from "../scenarios/action";
import type { Stage } from "./stage";

/** Carries out an order in the rehearsal, on the processes and with the real Terraform. */
export async function perform(order: Imperative, stage: Stage): Promise<Readonly<Record<string, unknown>>> {
  const { platform, fleet } = stage;
  switch (order.name) {
    case "fence-writers": {
      if (platform.isLost(order.region))
        return { told: "not possible: the region cannot be reached; the surviving engine's epoch fences it" };
      await fleet.scaleDown(order.region);
      return { told: "the engine drained and ended" };
    }
    case "promote-engine":
      return { promoted: order.region, epoch: await fleet.promote(order.region, order.decision) };
    case "set-database-aside":
      return setAside(order.region, stage);
    case "restart-engine":
      await fleet.restart(order.region);
      return { restarted: order.region };
    case "restore-states":
      return restoreStates(order.region, order.from, stage);
    case "force-database-failover":
    case "back-up":
    case "restore-database":
    case "rotate-secret":
      throw new Error(`the rehearsal cannot ${order.name}`);
  }
}

/** Takes the old primary out of the state; the simulated cloud keeps it, as AWS would. */
async function setAside(region: string, stage: Stage) {
  return { setAside: await stage.terraform.forget(stackId(stage.environment(), "data", region), "aws_db_instance") };
}

/** The other region's bucket holds a copy of each state: replication put it there at the last deploy. */
function restoreStates(region: string, from: string, stage: Stage) {
  const resourceNames = stage.resourceNames();
  const copy = stage.rehearsal.bucket(resourceNames.regions[from]!.stateBucket);
  const target = stage.rehearsal.bucket(resourceNames.regions[region]!.stateBucket);
  const prefix = `${stage.environment().name}-${region}-`;
  const keys = copy.keys().filter((key) => key.startsWith(prefix) && key.endsWith(".tfstate"));
  for (const key of keys) target.write(key, copy.read(key)!);
  return { restored: keys };
}
