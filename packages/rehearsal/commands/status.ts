import { join, resolve } from "node:path";
import { Cloud } from "../cloud/cloud";
import { readState } from "../terraform/stack-state";
import { stacksOf } from "../terraform/tree";
import { plainTable } from "./summary";
import { deployedTree } from "./synthesize";

/** Prints what stands in the simulated cloud. */
export function status(directory: string, json: boolean | undefined): void {
  const cloud = new Cloud(resolve(directory));
  const objects = cloud.list();
  const byPlace = new Map<string, number>();
  for (const { owner, region } of objects) {
    const place = `${owner}\t${region}`;
    byPlace.set(place, (byPlace.get(place) ?? 0) + 1);
  }
  const places = [...byPlace].sort().map(([place, count]) => [...place.split("\t"), count] as [string, string, number]);
  const stacks = deployedStacks(directory, cloud);
  const lostRegions = cloud.lostRegions();
  if (json) {
    console.log(
      JSON.stringify({ simulated: true, objects: objects.length, places, stacks, lostRegions }, undefined, 2),
    );
    return;
  }
  if (objects.length === 0) console.log("Nothing is deployed.");
  else {
    console.log(plainTable(["stack", "resources"], stacks));
    console.log(plainTable(["account or service", "region", "objects"], places));
  }
  for (const region of lostRegions) console.log(`${region} is lost.`);
  console.log(`Simulated: everything is in ${resolve(directory)}.`);
}

function deployedStacks(directory: string, cloud: Cloud): [string, number][] {
  const tree = deployedTree(directory);
  if (!tree) return [];
  return stacksOf(tree)
    .map((stack): [string, number] => [
      stack.name,
      readState(tree, stack, join(resolve(directory), "states"), cloud.contents).size,
    ])
    .filter(([, resources]) => resources > 0);
}
