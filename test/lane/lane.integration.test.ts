import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkLane, type LaneLayers } from "../../constructs/low-latency";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";
import { CORRUPTIONS } from "./corruptions";
import { MutableLayers } from "./mutable-layers";

/** Every region's lane as it is deployed: read back from the files that Terraform and Kubernetes get. */
function synthesizedLanes(): Map<string, LaneLayers> {
  const directory = mkdtempSync(join(tmpdir(), "hft-lane-"));
  try {
    const lanes = synthesize(environmentInputs, join(directory, "cdktf.out")).flatMap(
      ({ environment, stacks, manifests }) =>
        [...manifests].map(([region, objects]) => {
          const name = `${environment.name}/${region}`;
          const cluster = stacks.find((stack) => stack.name === `${environment.name}-${region}-cluster`)!.json;
          return [name, { path: `${name}/low-latency`, cluster, objects }] as const;
        }),
    );
    return new Map(lanes);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const lanes = synthesizedLanes();
const production = lanes.get("production/eu-west-1")!;

describe("the lane of every environment", () => {
  it.each([...lanes.keys()])("agrees across its layers in %s", (name) => {
    expect(checkLane(lanes.get(name)!)).toEqual([]);
  });
});

describe("a change in one layer alone", () => {
  it.each(CORRUPTIONS)("is found: $what", ({ make, layer, named }) => {
    const corrupted = new MutableLayers(production);
    make(corrupted);
    const finding = new RegExp(
      `^HFT-LANE-1\\d\\d production/eu-west-1/low-latency: ${layer}: .*${escapeRegExp(named)}.*; .+`,
    );
    expect(checkLane(corrupted.layers)).toContainEqual(expect.stringMatching(finding));
  });

  it("leaves the layers that it was tried on as they were", () => {
    expect(checkLane(production)).toEqual([]);
  });
});

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
