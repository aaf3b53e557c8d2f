export {
  checkLane,
  type LaneLayers,
  type LaneNode,
  type LaneWorkload,
  laneEngines,
  readLaneNodes,
} from "./check";
export { LowLatencyPool } from "./low-latency-pool";
