import fc from "fast-check";
import { CpuList, CpuPartition, findInstanceType, INSTANCE_TYPES, type LaneProps } from "../../../vocabulary";
import { laneFilling, layersOf, layersOfAll, withUserData } from "./a-lane";
import { checkLane } from "./check-lane";

const splits = INSTANCE_TYPES.flatMap((type) => CpuPartition.legalSplits(type));
const lanes = splits.flatMap((split) => laneFilling(split) ?? []);
/** Metal has AL2023, whose user data is written otherwise. */
const onBottlerocket = lanes.filter(({ instanceType }) => !findInstanceType(instanceType)!.metal);
const widest = [...new Map(lanes.map((props) => [props.instanceType, props])).values()].map(
  (props): LaneProps => ({ ...props, operatingSystem: "al2023" }),
);

describe("checkLane", () => {
  it("agrees with every legal split of every instance type", () => {
    expect(lanes.length).toBeGreaterThan(1000);
    expect(layersOfAll(lanes).flatMap(checkLane)).toEqual([]);
  });

  it("agrees with every instance type on AL2023 too", () => {
    expect(layersOfAll(widest).flatMap(checkLane)).toEqual([]);
  });

  it("finds each kernel argument and kubelet setting that has one CPU too many or too few", () => {
    const setting = fc.constantFrom(
      { named: "isolcpus", written: /^(isolcpus = \[ "managed_irq,domain,)([^"]*)/m },
      { named: "nohz_full=", written: /^(nohz_full = \[ ")([^"]*)/m },
      { named: "rcu_nocbs=", written: /^(rcu_nocbs = \[ ")([^"]*)/m },
      { named: "irqaffinity=", written: /^(irqaffinity = \[ ")([^"]*)/m },
      { named: "reservedSystemCPUs", written: /^(reserved-cpus = ")([^"]*)/m },
    );
    fc.assert(
      fc.property(fc.constantFrom(...onBottlerocket), setting, fc.nat(), (props, { named, written }, seed) => {
        const { all } = CpuPartition.split(props.instanceType, props.isolatedCpus) as CpuPartition;
        let corrupted = "";
        const layers = withUserData(layersOf(props), (text) =>
          text.replace(written, (_, before: string, list: string) => {
            corrupted = toggled(list, all.cpus[seed % all.count]!).toRanges();
            return before + corrupted;
          }),
        );
        const finding = checkLane(layers).find((line) => line.includes(named) || line.includes("reserved-cpus"));
        expect(finding).toContain(corrupted);
      }),
      { numRuns: 200 },
    );
  });
});

function toggled(list: string, cpu: number): CpuList {
  const given = CpuList.tryParse(list)!;
  const one = CpuList.of([cpu]);
  return given.overlap(one).count > 0 ? given.without(one) : CpuList.of([...given.cpus, cpu]);
}
