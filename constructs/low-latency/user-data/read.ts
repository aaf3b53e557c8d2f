import { parse as parseToml } from "smol-toml";
import { parse as parseYaml } from "yaml";
import type { z } from "zod";
import type { KernelArgument, LaneOperatingSystem } from "../../../vocabulary";
import { KERNEL_ARGUMENTS_VARIABLE } from "./al2023";
import { bottlerocketSchema } from "./bottlerocket-schema";
import { type KubeletConfiguration, kubeletConfigurationSchema } from "./kubelet-configuration";
import { nodeConfigSchema } from "./node-config-schema";

/** What a launch template's user data makes of a node, the same for every operating system. */
export interface NodeConfiguration {
  readonly operatingSystem: LaneOperatingSystem;
  readonly kernelArguments: readonly KernelArgument[];
  /** 2 MiB pages that the node reserves, by whatever way its system has for them. */
  readonly hugepages: number;
  readonly kubelet: KubeletConfiguration;
}

/** User data that a node would not start with: one line a fault. */
export class UserDataRefused extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "UserDataRefused";
  }
}

/**
 * Reads user data back as the node would.
 * @throws UserDataRefused
 */
export function readUserData(base64: string): NodeConfiguration {
  const text = Buffer.from(base64, "base64").toString("utf8");
  return /^MIME-Version:/i.test(text) ? readAl2023(text) : readBottlerocket(text);
}

function readBottlerocket(text: string): NodeConfiguration {
  const { settings } = accept(
    bottlerocketSchema,
    attempt("TOML", () => parseToml(text)),
  );
  const kubernetes = settings.kubernetes ?? {};
  const parameters = Object.entries(settings.boot?.["kernel-parameters"] ?? {});
  const reservedMemory = Object.entries(kubernetes["memory-manager-reserved-memory"] ?? {});
  const kubelet = {
    maxPods: kubernetes["max-pods"],
    cpuManagerPolicy: kubernetes["cpu-manager-policy"],
    cpuManagerPolicyOptions: Object.fromEntries(
      (kubernetes["cpu-manager-policy-options"] ?? []).map((option) => [option, "true"]),
    ),
    reservedSystemCPUs: kubernetes["reserved-cpus"],
    topologyManagerPolicy: kubernetes["topology-manager-policy"],
    topologyManagerScope: kubernetes["topology-manager-scope"],
    memoryManagerPolicy: kubernetes["memory-manager-policy"],
    reservedMemory: reservedMemory
      .filter(([, { enabled }]) => enabled)
      .map(([numaNode, { memory }]) => ({ numaNode: Number(numaNode), limits: { memory } })),
    kubeReserved: kubernetes["kube-reserved"],
    systemReserved: kubernetes["system-reserved"],
    evictionHard: kubernetes["eviction-hard"],
  };
  return {
    operatingSystem: "bottlerocket",
    kernelArguments: parameters.flatMap(([name, values]) => values.map((value) => ({ name, value }))),
    hugepages: Number(settings.kernel?.hugepages?.static?.["2Mi"]?.count ?? 0),
    kubelet: accept(kubeletConfigurationSchema, kubelet),
  };
}

function readAl2023(text: string): NodeConfiguration {
  const boundary = /boundary="([^"]+)"/.exec(text)?.[1];
  if (!boundary) throw new UserDataRefused(["MIME text without boundary"]);
  const parts = text.split(`--${boundary}`).slice(1, -1).map(readPart);
  const config = parts.find(({ contentType }) => contentType.startsWith("application/node.eks.aws"));
  if (!config) throw new UserDataRefused(["MIME text without a part application/node.eks.aws"]);
  const node = accept(
    nodeConfigSchema,
    attempt("NodeConfig", () => parseYaml(config.content)),
  );
  const hook = parts.find(({ contentType }) => contentType.startsWith("text/cloud-boothook"))?.content ?? "";
  const given = new RegExp(`^${KERNEL_ARGUMENTS_VARIABLE}="([^"]*)"$`, "m").exec(hook)?.[1] ?? "";
  const kernelArguments = given.split(" ").filter(Boolean).map(readArgument);
  const argument = (name: string) => kernelArguments.find((each) => each.name === name)?.value;
  return {
    operatingSystem: "al2023",
    kernelArguments,
    // `hugepages` alone counts pages of the default size.
    hugepages: argument("default_hugepagesz") === "2M" ? Number(argument("hugepages") ?? 0) : 0,
    kubelet: node.spec.kubelet?.config ?? {},
  };
}

function readPart(part: string): { contentType: string; content: string } {
  const [, contentType = "", content = ""] = /^\s*Content-Type: ([^\n]+)\n\n([\s\S]*)$/.exec(part) ?? [];
  return { contentType, content };
}

function readArgument(text: string): KernelArgument {
  const [name = "", ...value] = text.split("=");
  return { name, value: value.join("=") };
}

function attempt(format: string, parse: () => unknown): unknown {
  try {
    return parse();
  } catch (error) {
    const [firstLine] = String(error instanceof Error ? error.message : error).split("\n");
    throw new UserDataRefused([`is no ${format}: ${firstLine}`]);
  }
}

function accept<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UserDataRefused(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
}
