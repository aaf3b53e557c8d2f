import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { environmentInputs } from "../../environments";
import { KERNEL_ARGUMENT_PURPOSES, LANE_SYSCTLS, Lane } from "../../vocabulary";

const page = readFileSync("docs/low-latency.md", "utf8");
const { nodePools, engine } = environmentInputs.production!;
const lane = Lane.of("production", { ...nodePools.lowLatency, engine });

describe("docs/low-latency.md", () => {
  it("explains every kernel argument, kubelet setting and sysctl that a lane sets", () => {
    const settings = [
      ...Object.keys(KERNEL_ARGUMENT_PURPOSES),
      ...Object.keys(lane.kubelet),
      ...Object.keys(LANE_SYSCTLS),
    ];
    expect(settings.filter((setting) => !page.includes(setting))).toEqual([]);
  });

  it("shows production's own arguments", () => {
    const written = lane.kernelArguments.map(({ name, value }) => `\`${name}=${value}\``);
    expect(written.filter((argument) => !page.includes(argument))).toEqual([]);
  });

  it("lists every code with which layers are refused", () => {
    const folder = "constructs/low-latency/check";
    const sources = readdirSync(folder).filter((file) => !file.includes(".test."));
    const codes = sources.flatMap(
      (file) => readFileSync(join(folder, file), "utf8").match(/HFT-LANE-\d{3}(?=")/g) ?? [],
    );
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !page.includes(code))).toEqual([]);
  });

  it("leads only to files that exist", () => {
    const links = [...page.matchAll(/\]\((\.\.?\/[^)#]+)\)/g)].map(([, link]) => join("docs", link!));
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) expect(() => readFileSync(link)).not.toThrow();
  });
});
