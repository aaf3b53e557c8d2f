import { parseKernelCpus } from "./kernel-cpus";
import { allowedCpus, cpuAt, parseCpuList, pinThisThread } from "./pinning";

describe("the thread → core map", () => {
  it("reads the environment's notation", () => {
    expect(parseKernelCpus("matching=2, journal=1")).toEqual({ matching: 2, journal: 1 });
    expect(parseKernelCpus(undefined)).toEqual({});
  });

  it.each(["matching", "matching=x", "gateway=1", "matching=-1"])('refuses "%s" and says how to write it', (text) => {
    expect(() => parseKernelCpus(text)).toThrow('write it as "matching=2,journal=1"');
  });

  it("counts CPUs within those that the process may use", () => {
    expect(parseCpuList("0-2,5")).toEqual([0, 1, 2, 5]);
    expect(cpuAt(1, [4, 6])).toBe(6);
    expect(cpuAt(2, [4, 6])).toBeUndefined();
    expect(cpuAt(undefined, [4, 6])).toBeUndefined();
  });

  it("leaves a thread where it is and says why when it cannot be pinned", () => {
    const before = allowedCpus();
    const { cpus, problem } = pinThisThread(4_095);
    expect(problem).toMatch(/^(taskset to CPU 4095: |the kernel shows no)/);
    expect(cpus === before || cpus === "").toBe(true);
  });
});
