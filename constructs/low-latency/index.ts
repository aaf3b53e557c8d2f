export {
  checkLane,
  cpuMillicores,
  type LaneLayers,
  type LaneNode,
  type LaneWorkload,
  laneWorkloads,
  memoryMiB,
  readLaneNodes,
} from "./check";
export { type LaneOperatingSystem, LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";
