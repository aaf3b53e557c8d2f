/** State of something that the engine uses but does not need in order to trade. */
export interface DependencyState {
  readonly status: "up" | "down" | "starting" | "embedded" | "off";
  readonly lagSeconds: number;
  readonly error?: string;
}

export type DependencyName = "database" | "cache" | "kafka";
