import fc from "fast-check";
import { parse as parseYaml } from "yaml";
import { CpuList } from "./cpu-list";

describe("CpuList", () => {
  it("speaks the kernel's list notation", () => {
    expect(`${CpuList.of([7, 0, 1, 4, 5, 6])}`).toBe("0-1,4-7");
    expect(CpuList.tryParse("0-1, 4")?.cpus).toEqual([0, 1, 4]);
  });

  it.each(["", "a", "3-1", "1,,2", "-1", "1-", "0x1"])("does not take %j for a list", (text) => {
    expect(CpuList.tryParse(text)).toBeUndefined();
  });

  // Source: `yaml.Unmarshal` of sigs.k8s.io/yaml, which the kubelet reads its file with, takes digits alone for a
  // number.
  it("never looks like a number where the next program does not quote it", () => {
    expect(CpuList.of([0]).toRanges()).toBe("0-0");
    expect(CpuList.of([0, 1]).toRanges()).toBe("0-1");
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1 }), (cpus) => {
        const list = CpuList.of(cpus);
        expect(typeof parseYaml(list.toRanges())).toBe("string");
        expect(CpuList.tryParse(list.toRanges())?.equals(list)).toBe(true);
      }),
    );
  });

  it("reads back what it writes, and splits without loss", () => {
    const list = fc.uniqueArray(fc.nat({ max: 255 }), { minLength: 1 }).map((cpus) => CpuList.of(cpus));
    fc.assert(
      fc.property(list, list, (one, other) => {
        expect(CpuList.tryParse(`${one}`)?.equals(one)).toBe(true);
        const [shared, own] = [one.overlap(other), one.without(other)];
        expect(shared.count + own.count).toBe(one.count);
        expect(CpuList.of([...shared.cpus, ...own.cpus]).equals(one)).toBe(true);
      }),
    );
  });
});
