export { checkLane, type LaneLayers } from "./check-lane";
export { type LaneNode, readLaneNodes } from "./lane-node";
export { type LaneWorkload, laneEngines } from "./lane-pods";
