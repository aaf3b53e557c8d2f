import { toolOutput } from "@hft/testing";
import { EARLY_ARGUMENTS, hugepageArguments, Lane } from "../../../vocabulary";
import { LANE_PROPS } from "../../../vocabulary/testing/lane-props";
import { al2023UserData } from "./al2023";
import { bottlerocketUserData } from "./bottlerocket";
import { readUserData, UserDataRefused } from "./read";

const lane = Lane.of("test", LANE_PROPS);
const read = (text: string) => readUserData(Buffer.from(text).toString("base64"));
const faultsOf = (text: string): readonly string[] => {
  try {
    read(text);
    return [];
  } catch (error) {
    if (error instanceof UserDataRefused) return error.faults;
    throw error;
  }
};

describe("Bottlerocket user data", () => {
  const toml = bottlerocketUserData(lane);

  it("uses only settings that Bottlerocket has, and reads back as the lane that it was made from", () => {
    const { operatingSystem, kernelArguments, kubelet } = read(toml);
    expect(operatingSystem).toBe("bottlerocket");
    expect(kernelArguments).toEqual(lane.kernelArguments);
    expect(read(toml).hugepages).toBe(1024);
    expect(kubelet).toEqual(JSON.parse(JSON.stringify(lane.kubelet)));
  });

  // Source: Bottlerocket 1.65 settings reference, "kernel": [settings.kernel.hugepages.static], counts are strings.
  it("asks for huge pages by Bottlerocket's own setting, and for nothing that a bootconfig brings too late", () => {
    expect(toml).toContain("[settings.kernel.hugepages.static]\nessential = true");
    expect(toml).toContain('[settings.kernel.hugepages.static.2Mi]\ncount = "1024"');
    const given = read(toml).kernelArguments.map(({ name }) => name);
    expect(given.filter((name) => EARLY_ARGUMENTS.includes(name))).toEqual([]);
  });

  it("sets the kernel's buffers and the time source, and reboots into new arguments by itself", () => {
    expect(toml).toContain('"net.core.rmem_max" = "134217728"');
    expect(toml).toContain('time-servers = [ "169.254.169.123" ]');
    expect(toml).toContain("reboot-to-reconcile = true");
  });

  // Source: bottlerocket-settings-sdk, commit 2363566, settings-extensions/kubernetes, `KubernetesSettingsV1`.
  it.each([
    ["memory-swap-behavior", '"LimitedSwap"'],
    ["static-pods-enabled", "false"],
    ["single-process-oom-kill", "true"],
  ])("may use %s, which Bottlerocket has though a lane does not decide it", (setting, value) => {
    expect(faultsOf(toml.replace("[settings.kubernetes]", `[settings.kubernetes]\n${setting} = ${value}`))).toEqual([]);
  });

  it.each([
    ["a misspelt setting", ["reserved-cpus", "reserved-cpu"], 'Unrecognized key: "reserved-cpu"'],
    ["a setting of a later kubelet", ["full-pcpus-only", "strict-cpu-reservation"], "cpu-manager-policy-options.0"],
    [
      "a kernel argument that is no list",
      ['nohz_full = [ "2-7" ]', 'nohz_full = "2-7"'],
      "kernel-parameters.nohz_full",
    ],
    [
      "reserved CPUs that YAML takes for a number",
      ['cpus = "0-1"', 'cpus = "0"'],
      "reserved-cpus: a list that is no number",
    ],
    ["huge pages that are a number", ['count = "1024"', "count = 1024"], "hugepages.static.2Mi.count"],
    ["a quantity without unit", ["831Mi", "831"], "memory: a quantity such as"],
    ["a sysctl that is a number", ['"vm.stat_interval" = "60"', '"vm.stat_interval" = 60'], "sysctl.vm.stat_interval"],
    ["an unknown group", ["[settings.ntp]", "[settings.chrony]"], 'Unrecognized key: "chrony"'],
    ["text that is no TOML", ["[settings.ntp]", "[settings.ntp"], "is no TOML"],
  ])("refuses %s, as the node would", (_, [given, instead], fault) => {
    expect(toml).toContain(given);
    expect(faultsOf(toml.replace(given!, instead!)).join("\n")).toContain(fault);
  });
});

describe("AL2023 user data", () => {
  const mime = al2023UserData(lane);

  it("carries the same lane as Bottlerocket's", () => {
    const { operatingSystem, kernelArguments, kubelet } = read(mime);
    expect(operatingSystem).toBe("al2023");
    expect(kernelArguments).toEqual([...lane.kernelArguments, ...hugepageArguments(lane.hugepages)]);
    expect(read(mime).hugepages).toBe(1024);
    expect(kubelet).toEqual({
      ...read(bottlerocketUserData(lane)).kubelet,
      systemReservedCgroup: "",
      kubeReservedCgroup: "",
    });
  });

  it("has a boot hook that a shell accepts and that asks for a reboot once", () => {
    const [, hook] = /text\/cloud-boothook[^\n]*\n\n([\s\S]*?)\n\n--/.exec(mime)!;
    expect(() => toolOutput("bash", ["-n"], { input: hook })).not.toThrow();
    expect(hook!.match(/systemctl reboot/g)).toHaveLength(1);
  });

  it("keeps the network card's interrupts on the system's CPUs", () => {
    expect(mime).toContain('ethtool -L "$name" combined 2');
    expect(mime).toContain('echo 0-1 > "/proc/irq/');
  });

  it.each([
    [
      "a field that the kubelet does not have",
      ["reservedSystemCPUs", "reservedSystemCpus"],
      "is no field of KubeletConfiguration",
    ],
    ["another kind", ['"NodeConfig"', '"EKSConfig"'], "kind"],
    ["an unknown group", ['"kubelet": {', '"kubelet": {}, "kubelets": {'], 'Unrecognized key: "kubelets"'],
    ["a policy that does not exist", ['"static"', '"exclusive"'], "cpuManagerPolicy"],
    ["text without NodeConfig", ["application/node.eks.aws", "text/plain"], "without a part application/node.eks.aws"],
  ])("refuses %s, which on the node would be refused or dropped without a word", (_, [given, instead], fault) => {
    expect(mime).toContain(given);
    expect(faultsOf(mime.replace(given!, instead!)).join("\n")).toContain(fault);
  });
});
