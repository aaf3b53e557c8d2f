export { checkLane, type LaneLayers } from "./check-lane";
export { type LaneNode, readLaneNodes, type TerraformResources } from "./lane-node";
export { type LaneWorkload, laneEngines } from "./lane-pods";
