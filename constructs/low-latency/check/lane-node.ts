import {
  CpuList,
  findInstanceType,
  type InstanceType,
  LANE_TAINT,
  LOW_LATENCY_POOL,
  POOL_LABEL,
} from "../../../vocabulary";
import { type NodeConfiguration, readUserData, UserDataRefused } from "../user-data/read";

/** The part of a `cdk.tf.json` that is read: resources by type and id. */
export interface TerraformResources {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
}
export type Block = Readonly<Record<string, unknown>>;

/** A low-latency node group with everything that decides what its nodes are, as it will be deployed. */
export interface LaneNode {
  /** Construct path of the node group. */
  readonly path: string;
  readonly group: Block;
  readonly template: Block;
  /** The placement group that the template names. */
  readonly placement?: Block;
  readonly placementReference?: string;
  readonly reservations: readonly Block[];
  readonly instance?: InstanceType;
  /** CPUs that the kernel will see. */
  readonly cpus: CpuList;
  readonly configuration?: NodeConfiguration;
  /** Why the user data cannot be read. */
  readonly userDataFaults: readonly string[];
}

/**
 * Every low-latency node group of a stack, known by label, taint or isolated CPUs: one of them may be what is broken.
 */
export function readLaneNodes({ resource }: TerraformResources): LaneNode[] {
  const templates = resource?.aws_launch_template ?? {};
  return Object.entries(resource?.aws_eks_node_group ?? {})
    .map(([id, group]) => ({ id, group, template: referred(templates, block(group.launch_template)?.id) ?? {} }))
    .filter(({ group, template }) => isLane(group, template))
    .map(({ id, group, template }) => {
      const placementReference = stringOf(block(template.placement)?.group_name);
      return {
        path: constructPath(group) ?? `aws_eks_node_group.${id}`,
        group,
        template,
        placement: referred(resource?.aws_placement_group ?? {}, placementReference),
        placementReference,
        reservations: Object.values(resource?.aws_ec2_capacity_reservation ?? {}),
        ...hardware(template),
        ...software(template),
      };
    });
}

function isLane(group: Block, template: Block): boolean {
  return (
    block(group.labels)?.[POOL_LABEL] === LOW_LATENCY_POOL ||
    blocks(group.taint).some(({ key }) => key === LANE_TAINT.key) ||
    Buffer.from(stringOf(template.user_data) ?? "", "base64").includes("isolcpus")
  );
}

function hardware(template: Block): Pick<LaneNode, "instance" | "cpus"> {
  const instance = findInstanceType(stringOf(template.instance_type) ?? "");
  const options = block(template.cpu_options);
  const cores = Number(options?.core_count ?? instance?.cores ?? 0);
  const threads = Number(options?.threads_per_core ?? instance?.threadsPerCore ?? 1);
  // On metal the kernel itself leaves the second threads off (nosmt), which the kernel rules ask for.
  return { instance, cpus: CpuList.range(0, cores * (instance?.metal ? 1 : threads) - 1) };
}

function software(template: Block): Pick<LaneNode, "configuration" | "userDataFaults"> {
  try {
    return { configuration: readUserData(stringOf(template.user_data) ?? ""), userDataFaults: [] };
  } catch (error) {
    if (error instanceof UserDataRefused) return { userDataFaults: error.faults };
    throw error;
  }
}

/** The resource that `${aws_launch_template.ID.id}` refers to. */
function referred(resources: Readonly<Record<string, Block>>, reference: unknown): Block | undefined {
  const id = /^\$\{aws_\w+?\.([\w-]+)\.\w+\}$/.exec(String(reference))?.[1];
  return id === undefined ? undefined : resources[id];
}

/** A nested block, written as one object or as a list with one. */
export function block(value: unknown): Block | undefined {
  return blocks(value)[0];
}

export function blocks(value: unknown): Block[] {
  return (Array.isArray(value) ? value : [value]).filter(
    (item): item is Block => typeof item === "object" && item !== null,
  );
}

export function stringOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function constructPath(body: Block): string | undefined {
  return stringOf(block(block(body["//"])?.metadata)?.path);
}
