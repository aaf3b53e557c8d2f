export {
  checkLane,
  type LaneLayers,
  type LaneNode,
  type LaneWorkload,
  laneEngines,
  readLaneNodes,
} from "./check";
export { LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";
