import { type Fault, faultLine } from "../../../vocabulary";

/** Where of the lane something does not fit. */
export type LaneLayer =
  | "node group"
  | "launch template"
  | "user data"
  | "placement group"
  | "capacity reservation"
  | "kernel arguments"
  | "kubelet"
  | "engine pod"
  | "engine configuration"
  | "other pods";

/** One contradiction between layers. */
export interface LaneFinding extends Fault<LaneLayerCode> {
  readonly layer: LaneLayer;
}

/** A code for each layer: what it means when it is reported, and what to do. */
export const LANE_LAYER_CODES = {
  "HFT-LANE-101": { layer: "node group", means: "The lane's node group is not what the lane needs." },
  "HFT-LANE-102": { layer: "launch template", means: "The launch template is not the lane's." },
  "HFT-LANE-103": { layer: "user data", means: "The node's user data cannot be read, or sets up another lane." },
  "HFT-LANE-104": { layer: "placement group", means: "The lane's nodes are not placed as they have to be." },
  "HFT-LANE-105": { layer: "capacity reservation", means: "What is reserved is not what the lane starts." },
  "HFT-LANE-106": { layer: "kernel arguments", means: "The kernel is told another split of the CPUs." },
  "HFT-LANE-107": { layer: "kubelet", means: "The kubelet is told another split of CPUs or memory." },
  "HFT-LANE-108": { layer: "engine pod", means: "The engine's pod asks for something else than the lane has." },
  "HFT-LANE-109": {
    layer: "engine configuration",
    means: "The engine's configuration does not fit its pod or its node.",
  },
  "HFT-LANE-110": { layer: "other pods", means: "Another pod takes what belongs to the engine." },
} as const satisfies Readonly<Record<string, { readonly layer: LaneLayer; readonly means: string }>>;

type LaneLayerCode = keyof typeof LANE_LAYER_CODES;

const CODES = Object.fromEntries(
  Object.entries(LANE_LAYER_CODES).map(([code, { layer }]) => [layer, code]),
) as Readonly<Record<LaneLayer, LaneLayerCode>>;

/** A finding, or none: keeps the rules free of bookkeeping. */
export function unless(holds: boolean, layer: LaneLayer, fault: string, remedy: string): LaneFinding[] {
  return holds ? [] : [{ code: CODES[layer], layer, fault, remedy }];
}

/** `HFT-LANE-106 production/eu-west-1/low-latency: kernel arguments: irqaffinity=0-2 …; write irqaffinity=0-1` */
export function describeFinding(path: string, finding: LaneFinding): string {
  return faultLine(finding, `${path}: ${finding.layer}`);
}
