/** A set of CPUs in the kernel's list notation, `0-1,4`: what kernel arguments, kubelet and cgroups all speak. */
export class CpuList {
  private constructor(
    /** Ascending, without repetition. */
    readonly cpus: readonly number[],
  ) {}

  static of(cpus: Iterable<number>): CpuList {
    return new CpuList([...new Set(cpus)].sort((a, b) => a - b));
  }

  /** `from` to `to`, both included; empty when `to` is less. */
  static range(from: number, to: number): CpuList {
    return new CpuList(Array.from({ length: Math.max(0, to - from + 1) }, (_, offset) => from + offset));
  }

  /** Reads `2-7,9`. Returns undefined when the text is no such list. */
  static tryParse(text: string): CpuList | undefined {
    const cpus: number[] = [];
    for (const part of text.split(",")) {
      const match = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part.trim());
      if (!match) return undefined;
      const from = Number(match[1]);
      const to = Number(match[2] ?? match[1]);
      if (to < from) return undefined;
      cpus.push(...CpuList.range(from, to).cpus);
    }
    return CpuList.of(cpus);
  }

  get count(): number {
    return this.cpus.length;
  }

  equals(other: CpuList): boolean {
    return this.toString() === other.toString();
  }

  overlap(other: CpuList): CpuList {
    return CpuList.of(this.cpus.filter((cpu) => other.cpus.includes(cpu)));
  }

  /** The CPUs of this list that the other one does not have. */
  without(other: CpuList): CpuList {
    return CpuList.of(this.cpus.filter((cpu) => !other.cpus.includes(cpu)));
  }

  /**
   * As `toString`, but never a number alone: `0-0`. Bottlerocket writes the list into the kubelet's YAML without
   * quotes, where `0` is a number and the kubelet does not start; cpusets take a range of one.
   * Source: kubernetes k8s.io/utils/cpuset `Parse`; bottlerocket, sources/shared-defaults and templates
   * `kubelet-config`.
   */
  toRanges(): string {
    const text = this.toString();
    return /^\d+$/.test(text) ? `${text}-${text}` : text;
  }

  toString(): string {
    const ranges: [number, number][] = [];
    for (const cpu of this.cpus) {
      const last = ranges.at(-1);
      if (last && last[1] === cpu - 1) last[1] = cpu;
      else ranges.push([cpu, cpu]);
    }
    return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
  }
}
