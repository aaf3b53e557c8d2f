import { runTool, toolOutput } from "@hft/testing";
import { explainLanes, NothingToExplain } from "./explain";
import { renderLanes } from "./render";

const pictures = explainLanes("production");
const [picture] = pictures;

describe("explain", () => {
  it("draws one lane a region, and regions that are alike once", () => {
    expect(pictures.map(({ path }) => path)).toEqual(["production/eu-west-1", "production/eu-central-1"]);
    expect(renderLanes(pictures).match(/owner/g)).toHaveLength(1);
    expect(renderLanes([picture!, { ...picture!, path: "other", hugepages: [] }]).match(/owner/g)).toHaveLength(2);
  });

  it("gives every CPU of the node one owner", () => {
    expect(picture!.cpus).toEqual([
      { cpu: 0, owner: "system" },
      { cpu: 1, owner: "system" },
      { cpu: 2, owner: "engine: matching" },
      { cpu: 3, owner: "engine: journal" },
      { cpu: 4, owner: "engine: gateway" },
      { cpu: 5, owner: "engine: its other threads" },
      { cpu: 6, owner: "shared pool, with the system's" },
      { cpu: 7, owner: "shared pool, with the system's" },
    ]);
  });

  it("says which setting decided it", () => {
    const about = (cpu: string) => picture!.statements.filter(({ cpus }) => cpus === cpu).map(({ setting }) => setting);
    expect(about("2-7")).toEqual(["isolcpus", "nohz_full", "rcu_nocbs", "cpuManagerPolicy"]);
    expect(about("0-1")).toEqual(["irqaffinity", "reservedSystemCPUs"]);
    expect(about("2")).toEqual(["threads.matching"]);
    expect(picture!.statements.filter(({ meaning }) => meaning === "")).toEqual([]);
  });

  it("divides the memory without rest, and the huge pages among consumers", () => {
    const sum = picture!.memory.reduce((total, { memoryMiB }) => total + memoryMiB, 0);
    expect(sum).toBe(picture!.node.memoryMiB);
    expect(picture!.hugepages.reduce((total, { pages }) => total + pages, 0)).toBe(1024);
  });

  it("prints a row for each run of CPUs, plain when piped", () => {
    const lines = renderLanes([picture!]).split("\n");
    expect(lines.find((line) => line.startsWith("0-1"))).toMatch(/^0-1 +system +■ +■$/);
    expect(lines.find((line) => line.includes("engine: matching"))).toMatch(/^2 +engine: matching +■ +■ +■ +■$/);
  });

  it("refuses an environment that is not there, and says which are", () => {
    expect(() => explainLanes("prod")).toThrow(NothingToExplain);
    const { status, stdout, stderr } = runTool("npx", ["tsx", "operations/explain/main.ts", "prod"]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain('there is no environment "prod"; use one of development, staging, production');
  });

  it("gives machines the same picture", () => {
    const output = toolOutput("npx", ["tsx", "operations/explain/main.ts", "development", "--json"]);
    expect(JSON.parse(output)).toEqual(JSON.parse(JSON.stringify(explainLanes("development"))));
  });
});
