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
export { LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";
export type { LaneOperatingSystem } from "./partition";
