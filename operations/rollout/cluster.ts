import type { KubernetesObject } from "../../charts";

/** Kinds that a release changes. */
type ReleasedKind = "Deployment" | "StatefulSet" | "Service";

/** An object by kind, namespace and name. */
export interface ObjectRef {
  readonly kind: ReleasedKind;
  readonly namespace: string;
  readonly name: string;
}

/** How far a workload is with what it was last told. */
export interface RolloutProgress {
  /** Pods that are asked for. */
  readonly replicas: number;
  /** Pods that there are, with those that still have to go. */
  readonly pods: number;
  /** Pods of the newest template. */
  readonly updated: number;
  readonly ready: number;
  /** Whether the controller has seen the newest change at all. */
  readonly observed: boolean;
}

/** What a release needs of a cluster. */
export interface Cluster {
  get(ref: ObjectRef): Promise<KubernetesObject>;
  apply(object: KubernetesObject): Promise<void>;
  /** JSON merge patch: `null` removes a field. */
  patch(ref: ObjectRef, change: object): Promise<void>;
  remove(ref: ObjectRef): Promise<void>;
  progress(ref: ObjectRef): Promise<RolloutProgress>;
}

/** Share of requests that fail now, 0 to 1, or undefined while there are none. */
export interface Signals {
  errorShare(): Promise<number | undefined>;
  /** Engines that hold the active role. */
  activeEngines(): Promise<number>;
  /** How far the standby is behind. */
  standbyLagSeconds(): Promise<number>;
}
