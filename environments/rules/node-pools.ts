import { findInstanceType, Lane } from "../../vocabulary";
import { type Rule, when } from "./rule";

/** Capacity, pods' fit and cost are computed from the catalogue, so a type that it does not have cannot be judged. */
export const instanceTypesAreKnown: Rule = ({ nodePools }) =>
  (["system", "general"] as const).flatMap((pool) =>
    nodePools[pool].instanceTypes.flatMap((name, index) =>
      when(findInstanceType(name) === undefined, () => ({
        code: "HFT-POOL-001",
        field: `nodePools.${pool}.instanceTypes[${index}]`,
        fault: `the instance type ${name} is not in the catalogue`,
        remedy: "correct it, or add it to vocabulary/lane/instance-catalogue.ts with its source",
      })),
    ),
  );

/**
 * Pods of a pool may land on any of its types, so the scheduler and the autoscaler must see the same node everywhere.
 */
export const alternativesAreAlike: Rule = ({ nodePools }) =>
  (["system", "general"] as const).flatMap((pool) => {
    const types = nodePools[pool].instanceTypes.flatMap((name) => findInstanceType(name) ?? []);
    return types.slice(1).flatMap((type) =>
      when(type.vcpus !== types[0]!.vcpus || type.architecture !== types[0]!.architecture, () => ({
        code: "HFT-POOL-002",
        field: `nodePools.${pool}.instanceTypes`,
        fault: `${type.name} (${type.vcpus} CPUs, ${type.architecture}) beside ${types[0]!.name} (${types[0]!.vcpus} CPUs, ${types[0]!.architecture})`,
        remedy:
          "choose types with the same number of CPUs and the same architecture: the autoscaler assumes that all match the first",
      })),
    );
  });

/** The lane's own words: what was asked, what the instance type gives, what to write instead. */
export const laneCanBeLaid: Rule = ({ nodePools, engine }) => {
  return Lane.problems({ ...nodePools.lowLatency, engine }).map((problem) => ({
    ...problem,
    field: problem.field.startsWith("engine.") ? problem.field : `nodePools.lowLatency.${problem.field}`,
  }));
};
