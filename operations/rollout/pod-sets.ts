import { type KubernetesObject, SERVING, TRACK } from "../../charts";
import type { Cluster, ObjectRef } from "./cluster";

/** Annotation of a workload with the image that it had before its last release: where `rollback` goes back to. */
export const PREVIOUS_IMAGE = "hft.platform/previous-image";

/** A workload that is released in sets of pods. */
export interface Released {
  readonly namespace: string;
  readonly name: string;
  /** Container whose image is released. */
  readonly container: string;
}

export const RELEASED = {
  gateway: { namespace: "front", name: "gateway", container: "nginx" },
  frontend: { namespace: "front", name: "frontend", container: "frontend" },
  engine: { namespace: "trading", name: "engine", container: "engine" },
} as const satisfies Record<string, Released>;

export type Track = "canary" | "green";

export const deployment = ({ namespace, name }: Released): ObjectRef => ({ kind: "Deployment", namespace, name });
export const service = ({ namespace, name }: Released): ObjectRef => ({ kind: "Service", namespace, name });
export const statefulSet = ({ namespace, name }: Released): ObjectRef => ({ kind: "StatefulSet", namespace, name });
export const trackRef = (released: Released, track: Track): ObjectRef => ({
  ...deployment(released),
  name: `${released.name}-${track}`,
});

interface WorkloadSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: {
    readonly metadata: { readonly labels: Readonly<Record<string, string>> };
    readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
  };
}

const specOf = (object: KubernetesObject) => object.spec as unknown as WorkloadSpec;

export function imageOf(object: KubernetesObject, { container }: Released): string {
  const found = specOf(object).template.spec.containers.find(({ name }) => name === container);
  if (!found) throw new Error(`${object.kind} ${object.metadata.name} has no container ${container}`);
  return found.image;
}

export function replicasOf(object: KubernetesObject): number {
  return specOf(object).replicas ?? 1;
}

/** Which image a workload has, and which one it goes back to. */
export interface ImageState {
  readonly image: string;
  readonly previous: string | undefined;
}

export async function imageState(cluster: Cluster, ref: ObjectRef, released: Released): Promise<ImageState> {
  const object = await cluster.get(ref);
  return { image: imageOf(object, released), previous: object.metadata.annotations?.[PREVIOUS_IMAGE] };
}

/** Gives a workload another image, and notes the one that it had. */
export async function setImage(cluster: Cluster, ref: ObjectRef, released: Released, image: string): Promise<void> {
  const { image: previous } = await imageState(cluster, ref, released);
  if (previous !== image) await restoreImage(cluster, ref, released, { image, previous });
}

/** Brings a workload into a state that it was in, with what it would have gone back to then. */
export async function restoreImage(
  cluster: Cluster,
  ref: ObjectRef,
  released: Released,
  state: ImageState,
): Promise<void> {
  // A merge patch replaces lists whole.
  const containers = specOf(await cluster.get(ref)).template.spec.containers.map((each) =>
    each.name === released.container ? { ...each, image: state.image } : each,
  );
  await cluster.patch(ref, {
    metadata: { annotations: { [PREVIOUS_IMAGE]: state.previous ?? null } },
    spec: { template: { spec: { containers } } },
  });
}

/** A second set of pods like the stable one, with another image. Only a canary is selected by the Service at once. */
export function secondSet(
  stable: KubernetesObject,
  released: Released,
  track: Track,
  image: string,
  replicas: number,
): KubernetesObject {
  const { selector, template, ...spec } = specOf(stable);
  const labels = { [TRACK]: track, [SERVING]: track === "canary" ? "yes" : "no" };
  const containers = template.spec.containers.map((each) =>
    each.name === released.container ? { ...each, image } : each,
  );
  return {
    apiVersion: stable.apiVersion,
    kind: stable.kind,
    metadata: {
      name: `${stable.metadata.name}-${track}`,
      namespace: stable.metadata.namespace,
      labels: { ...stable.metadata.labels, [TRACK]: track },
    },
    spec: {
      ...spec,
      replicas,
      selector: { matchLabels: { ...selector.matchLabels, [TRACK]: track } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...labels } },
        spec: { ...template.spec, containers },
      },
    },
  };
}
