import type { Problem } from "../problem";
import { type Rule, when } from "./rule";

export const regionsFitArchitecture: Rule = ({ architecture, regions, activeRegion }) => {
  const names = regions.map(({ name }) => name);
  const wanted = architecture === "multi-region" ? 2 : 1;
  return [
    ...when(names.length !== wanted, () => ({
      code: "HFT-REG-001",
      field: "regions",
      fault: `${names.length} regions (${names.join(", ")}) for ${architecture}`,
      remedy: `describe ${wanted === 2 ? "an active and a standby region" : 'one region, or choose "multi-region"'}`,
    })),
    ...when(new Set(names).size < names.length, () => ({
      code: "HFT-REG-002",
      field: "regions[1].name",
      fault: `the standby region ${names[1]} is also the active one`,
      remedy: "choose another region for the standby",
    })),
    ...when(!names.includes(activeRegion), () => ({
      code: "HFT-REG-003",
      field: "activeRegion",
      fault: `${activeRegion} is not described`,
      remedy: `choose one of ${names.join(", ")}`,
    })),
  ];
};

export const databaseGenerationsFollowRegions: Rule = ({ regions, database }) => {
  const names = regions.map(({ name }) => name);
  return [
    ...names
      .filter((name) => database.generation[name] === undefined)
      .map(
        (name): Problem => ({
          code: "HFT-REG-004",
          field: `database.generation.${name}`,
          fault: "missing",
          remedy: "write 1 for a database that was never rebuilt",
        }),
      ),
    ...Object.keys(database.generation)
      .filter((name) => !names.includes(name))
      .map(
        (name): Problem => ({
          code: "HFT-REG-004",
          field: `database.generation.${name}`,
          fault: `${name} is not described under regions`,
          remedy: `remove it, or choose one of ${names.join(", ")}`,
        }),
      ),
  ];
};
