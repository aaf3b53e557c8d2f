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

/** One contradiction between layers: what was found and what to write instead. */
export interface LaneFinding {
  /** Stable code, `HFT-LANE-104`. */
  readonly code: string;
  readonly layer: LaneLayer;
  readonly fault: string;
  readonly remedy: string;
}

const CODES: Readonly<Record<LaneLayer, string>> = {
  "node group": "HFT-LANE-101",
  "launch template": "HFT-LANE-102",
  "user data": "HFT-LANE-103",
  "placement group": "HFT-LANE-104",
  "capacity reservation": "HFT-LANE-105",
  "kernel arguments": "HFT-LANE-106",
  kubelet: "HFT-LANE-107",
  "engine pod": "HFT-LANE-108",
  "engine configuration": "HFT-LANE-109",
  "other pods": "HFT-LANE-110",
};

/** A finding, or none: keeps the rules free of bookkeeping. */
export function unless(holds: boolean, layer: LaneLayer, fault: string, remedy: string): LaneFinding[] {
  return holds ? [] : [{ code: CODES[layer], layer, fault, remedy }];
}

/** `HFT-LANE-106 production/eu-west-1/low-latency: kernel arguments: irqaffinity=0-2 …; write irqaffinity=0-1` */
export function describeFinding(path: string, { code, layer, fault, remedy }: LaneFinding): string {
  return `${code} ${path}: ${layer}: ${fault}; ${remedy}`;
}
