import { type Check, missing, ok } from "../check";

/** A node group whose type no zone offers stays empty; EC2 says so only when it starts instances. */
export const OFFERS: Check = {
  id: "PRE-EC2-1",
  title: "instance types in their zones",
  instead: "Choose another instance type or zone.",
  run: async ({ instances, environment }, { account }) => {
    const answers = await Promise.all(
      instances.map(async ({ region, pool, types, zones }) => {
        const offering = new Map(
          await Promise.all(types.map(async (type) => [type, await account.zonesOffering(region, type)] as const)),
        );
        return zones.map((zone) => {
          const here = types.filter((type) => offering.get(type)?.includes(zone));
          const subject = `${zone}: ${types.join(" or ")} for ${pool}`;
          if (here.length > 0) return ok(subject, `offers ${here.join(", ")}`);
          const elsewhere = [...new Set([...offering.values()].flat())].join(", ") || "no zone";
          const remedy = `offered in ${elsewhere}; change nodePools or zones in environments/${environment.name}.ts`;
          return missing(subject, "not offered there", remedy);
        });
      }),
    );
    return answers.flat();
  },
};

/**
 * Whether there is room for the lane cannot be asked: EC2 tells it by selling. What can be asked is whether a
 * reservation stands already.
 */
export const LANE_CAPACITY: Check = {
  id: "PRE-EC2-2",
  title: "capacity for the lane",
  instead: "Reserve capacity: a failover cannot wait for it.",
  run: ({ instances, environment }, { account }) =>
    Promise.all(
      instances
        .filter(({ pool }) => pool === "low-latency")
        .map(async ({ region, zones: [zone = ""], types: [type = ""], reserved }) => {
          const subject = `${zone}: ${type} for the lane`;
          const free = await account.reservedFree(region, zone, type);
          if (free > 0) return ok(subject, `${free} reserved and free`);
          if (reserved) {
            return ok(subject, "the deploy buys a reservation first, and stops if EC2 has no capacity left");
          }
          if (environment.stage !== "production")
            return ok(subject, "not reserved; EC2 may run out of capacity at any time");
          const remedy = `set nodePools.lowLatency.capacityReservation in environments/${environment.name}.ts`;
          return missing(subject, "nothing is reserved, and a failover cannot wait", remedy);
        }),
    ),
};
