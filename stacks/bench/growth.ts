import { rmSync } from "node:fs";
import { environmentInputs } from "../../environments";
import { resourcesOf } from "../checks/check";
import { synthesize } from "../synthesis/synthesize";

export interface GrowthPoint {
  readonly resources: number;
  readonly wallMs: number;
}

/** Synthesizes ever more copies of production, each under a name of its own, until there are enough resources. */
export function measureGrowth(scratch: string, mostResources: number): GrowthPoint[] {
  const points: GrowthPoint[] = [];
  for (let copies = 1; (points.at(-1)?.resources ?? 0) < mostResources; copies += Math.max(1, Math.floor(copies / 3))) {
    const inputs = Object.fromEntries(
      Array.from({ length: copies }, (_, index) => {
        const name = `copy${index}`;
        return [name, { ...environmentInputs.production, name }];
      }),
    );
    const started = performance.now();
    const synthesized = synthesize(inputs, scratch);
    const wallMs = Math.round(performance.now() - started);
    const resources = synthesized.flatMap(({ stacks }) => stacks.flatMap(resourcesOf)).length;
    points.push({ resources, wallMs });
    rmSync(scratch, { recursive: true, force: true });
  }
  return points;
}
