export {
  checkLane,
  cpuMillicores,
  type LaneLayers,
  type LaneNode,
  type LaneWorkload,
  laneEngines,
  memoryMiB,
  readLaneNodes,
} from "./check";
export { type LaneOperatingSystem, LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";
