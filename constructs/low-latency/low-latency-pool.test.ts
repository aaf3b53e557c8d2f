import { Testing } from "cdktf";
import { Lane, type LaneProps, LaneRefused, Names } from "../../vocabulary";
import { LANE_PROPS } from "../../vocabulary/testing/lane-props";
import { LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";

type Resources = Record<string, Record<string, Record<string, unknown>>>;

function pool(lane: Partial<LaneProps> = {}, props: Partial<LowLatencyPoolProps> = {}): Resources {
  const json = Testing.synthScope((scope) => {
    new LowLatencyPool(scope, "low-latency-pool", {
      names: new Names("production", "eu-west-1"),
      clusterName: "hft",
      version: "1.35",
      nodeRole: { arn: "arn:aws:iam::333333333333:role/node", rights: [] },
      subnetId: "subnet-a",
      availabilityZone: "eu-west-1a",
      lane: Lane.of("production/low-latency", { ...LANE_PROPS, ...lane }),
      nodes: 2,
      capacityReservation: true,
      keyArn: "arn:aws:kms:eu-west-1:333333333333:key/1",
      ...props,
    });
  });
  return JSON.parse(json).resource;
}

const only = (resources: Resources, type: string) => Object.values(resources[type] ?? {})[0]!;
const userData = (resources: Resources) =>
  Buffer.from(String(only(resources, "aws_launch_template").user_data), "base64").toString();

describe("LowLatencyPool", () => {
  it("starts nodes of one type, one thread a core, close together in one zone", () => {
    const resources = pool();
    expect(only(resources, "aws_launch_template")).toMatchObject({
      instance_type: "c7i.4xlarge",
      cpu_options: { core_count: 8, threads_per_core: 1 },
      placement: { group_name: expect.stringContaining("aws_placement_group.") },
      metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
    });
    expect(only(resources, "aws_placement_group")).toMatchObject({ strategy: "cluster" });
    expect(only(resources, "aws_eks_node_group")).toMatchObject({
      subnet_ids: ["subnet-a"],
      capacity_type: "ON_DEMAND",
      scaling_config: { min_size: 2, desired_size: 2, max_size: 2 },
    });
  });

  it("lets only pods in that ask to be there", () => {
    expect(only(pool(), "aws_eks_node_group")).toMatchObject({
      labels: { "hft.platform/pool": "low-latency" },
      taint: [{ key: "hft.platform/low-latency", value: "true", effect: "NO_SCHEDULE" }],
    });
  });

  it("sets nothing that a managed node group refuses in its launch template", () => {
    const template = only(pool(), "aws_launch_template");
    const refused = ["iam_instance_profile", "instance_initiated_shutdown_behavior", "hibernation_options", "image_id"];
    expect(Object.keys(template).filter((attribute) => refused.includes(attribute))).toEqual([]);
    expect(only(pool(), "aws_eks_node_group").instance_types).toBeUndefined();
  });

  it("buys capacity inside the placement group, open for the nodes there, only where asked", () => {
    expect(only(pool(), "aws_ec2_capacity_reservation")).toMatchObject({
      instance_type: "c7i.4xlarge",
      instance_count: 2,
      availability_zone: "eu-west-1a",
      placement_group_arn: expect.stringContaining("aws_placement_group."),
      instance_match_criteria: "open",
    });
    expect(pool({}, { capacityReservation: false }).aws_ec2_capacity_reservation).toBeUndefined();
  });

  it("sets no CPU options on metal, where the kernel leaves the second threads off", () => {
    const resources = pool({
      instanceType: "c7i.metal-24xl",
      isolatedCpus: "4-47",
      engine: { cpus: 8, memoryMiB: 8192 },
      operatingSystem: "al2023",
    });
    expect(only(resources, "aws_launch_template").cpu_options).toBeUndefined();
    expect(userData(resources)).toContain(" nosmt=force");
  });

  // Source: Linux 6.18, kernel/cpu.c, `early_param("nosmt", …)`; Documentation/admin-guide/bootconfig.rst.
  it("refuses Bottlerocket where the kernel would have to leave second threads off before it reads its arguments", () => {
    const metal = { instanceType: "c7i.metal-24xl", isolatedCpus: "4-47", engine: { cpus: 8, memoryMiB: 8192 } };
    expect(() => pool({ ...metal, operatingSystem: "bottlerocket" })).toThrow(
      'write "al2023", or choose a virtual type',
    );
  });

  it("encrypts every disk", () => {
    for (const operatingSystem of ["bottlerocket", "al2023"] as const) {
      const disks = only(pool({ operatingSystem }), "aws_launch_template").block_device_mappings as { ebs: object }[];
      for (const { ebs } of disks) expect(ebs).toMatchObject({ encrypted: "true", kms_key_id: expect.any(String) });
    }
  });

  it.each([
    ["c7i.4xlarge", "bottlerocket", "BOTTLEROCKET_x86_64"],
    ["m7g.2xlarge", "bottlerocket", "BOTTLEROCKET_ARM_64"],
    ["c7i.4xlarge", "al2023", "AL2023_x86_64_STANDARD"],
    ["m7g.2xlarge", "al2023", "AL2023_ARM_64_STANDARD"],
  ] as const)("takes the image of %s with %s", (instanceType, operatingSystem, amiType) => {
    expect(only(pool({ instanceType, operatingSystem }), "aws_eks_node_group").ami_type).toBe(amiType);
  });

  it("refuses a lane that cannot be laid, with path, value and remedy", () => {
    const impossible = () => pool({ engine: { cpus: 6, memoryMiB: 8192 }, isolatedCpus: "4-7" });
    expect(impossible).toThrow(LaneRefused);
    expect(impossible).toThrow(
      /production\/low-latency: 6 engine CPUs and 1 for daemon sets requested, 4 isolated on c7i.4xlarge; use c7i.8xlarge with "4-15" isolated or isolate "1-7"/,
    );
  });
});
