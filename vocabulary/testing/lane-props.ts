import type { LaneProps } from "../lane";

/** Test data: a lane that can be laid, like that of a production environment. */
export const LANE_PROPS: LaneProps = {
  instanceType: "c7i.4xlarge",
  isolatedCpus: "2-7",
  hugepages2Mi: 1024,
  engine: { cpus: 4, memoryMiB: 8192 },
  operatingSystem: "bottlerocket",
};
