export { type LaneOperatingSystem, LowLatencyPool, type LowLatencyPoolProps } from "./low-latency-pool";
