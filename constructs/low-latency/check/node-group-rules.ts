import { LANE_TAINT, LOW_LATENCY_POOL, POOL_LABEL } from "../../../vocabulary";
import { type LaneFinding, unless } from "./finding";
import { block, blocks, type LaneNode, stringOf } from "./lane-node";

/**
 * Node group, launch template, placement and reservation: the nodes exist, are alike, close together and for engines
 * only.
 */
export function nodeGroupFindings(node: LaneNode): LaneFinding[] {
  return [...groupFindings(node), ...templateFindings(node), ...placementFindings(node), ...reservationFindings(node)];
}

function groupFindings({ group, instance, configuration }: LaneNode): LaneFinding[] {
  const label = block(group.labels)?.[POOL_LABEL];
  const taint = blocks(group.taint).find(({ key }) => key === LANE_TAINT.key);
  const subnets = [group.subnet_ids].flat();
  const image = stringOf(group.ami_type) ?? "";
  const images = { bottlerocket: /^BOTTLEROCKET_/, al2023: /^AL2023_/ };
  return [
    ...unless(
      label === LOW_LATENCY_POOL,
      "node group",
      `label ${POOL_LABEL} is ${label ?? "missing"}, so engines find no node`,
      `write "${LOW_LATENCY_POOL}"`,
    ),
    ...unless(
      taint?.value === LANE_TAINT.value && taint?.effect === "NO_SCHEDULE",
      "node group",
      `taint ${LANE_TAINT.key} is ${taint ? `${taint.value}:${taint.effect}` : "missing"}, so other pods come in`,
      `write ${LANE_TAINT.value}:NO_SCHEDULE`,
    ),
    ...unless(
      subnets.length === 1,
      "node group",
      `${subnets.length} subnets, and a cluster placement group lies in one zone`,
      "give one subnet",
    ),
    ...unless(
      group.capacity_type === undefined || group.capacity_type === "ON_DEMAND",
      "node group",
      `capacity_type ${group.capacity_type}: engines would be taken away at two minutes' notice`,
      'write "ON_DEMAND"',
    ),
    ...unless(
      !configuration || images[configuration.operatingSystem].test(image),
      "node group",
      `ami_type ${image} with user data of ${configuration?.operatingSystem}`,
      `choose an image of ${configuration?.operatingSystem}`,
    ),
    ...unless(
      !instance || /ARM/i.test(image) === (instance.architecture === "arm64"),
      "node group",
      `ami_type ${image} for ${instance?.name}, which is ${instance?.architecture}`,
      "choose the image of its architecture",
    ),
  ];
}

function templateFindings({ template, instance, cpus, userDataFaults }: LaneNode): LaneFinding[] {
  const type = stringOf(template.instance_type);
  const options = block(template.cpu_options);
  return [
    ...unless(
      instance !== undefined,
      "launch template",
      `instance_type ${type} is not in the catalogue`,
      "add it there with its source",
    ),
    ...unless(
      !instance || instance.numaNodes === 1,
      "launch template",
      `instance_type ${type} has ${instance?.numaNodes} NUMA nodes`,
      "choose a type with one",
    ),
    ...unless(
      !instance || instance.metal || cpus.count === instance.cores,
      "launch template",
      `cpu_options give ${cpus.count} CPUs on the ${instance?.cores} cores of ${type}, so two share a core or some are lost`,
      `write core_count ${instance?.cores}, threads_per_core 1`,
    ),
    ...unless(
      !instance?.metal || options === undefined,
      "launch template",
      `cpu_options on ${type}, which EC2 refuses for metal`,
      "leave them out",
    ),
    ...userDataFaults.flatMap((fault) => unless(false, "user data", fault, "the node would not start with it")),
  ];
}

function placementFindings({ placement, placementReference }: LaneNode): LaneFinding[] {
  return unless(
    placement?.strategy === "cluster",
    "placement group",
    placement ? `strategy ${placement.strategy}` : `${placementReference ?? "none"} in the launch template`,
    "place the nodes in a group of this stack with strategy cluster",
  );
}

/** A reservation that the nodes do not match is paid for and never used. */
function reservationFindings({ reservations, template, group, placementReference }: LaneNode): LaneFinding[] {
  const nodes = Number(block(group.scaling_config)?.max_size);
  const placementOf = (reference: unknown) => stringOf(reference)?.replace(/\.\w+\}$/, "");
  return reservations.flatMap((reservation) => [
    ...unless(
      reservation.instance_type === template.instance_type,
      "capacity reservation",
      `instance_type ${reservation.instance_type}, the nodes are ${template.instance_type}`,
      `reserve ${template.instance_type}`,
    ),
    ...unless(
      Number(reservation.instance_count) === nodes,
      "capacity reservation",
      `instance_count ${reservation.instance_count} for ${nodes} nodes`,
      `reserve ${nodes}`,
    ),
    ...unless(
      placementOf(reservation.placement_group_arn) === placementOf(placementReference),
      "capacity reservation",
      `lies in ${reservation.placement_group_arn ?? "no placement group"}, the nodes in ${placementReference}`,
      "reserve inside the nodes' placement group",
    ),
  ]);
}
