import type { KubernetesObject } from "../../charts";
import type { Cluster, ObjectRef, RolloutProgress, Signals } from "./cluster";

interface Pod {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Ticks until it is ready; never, when it is infinite. */
  ticksToReady: number;
  active?: boolean;
}

/** What is wrong with an image. */
export type Defect = "none" | "fails requests" | "never ready";

interface WorkloadSpec {
  replicas?: number;
  updateStrategy?: { rollingUpdate: { partition: number } };
  template: { metadata: { labels: Record<string, string> }; spec: { containers: { name: string; image: string }[] } };
}

const START_TICKS = 2;

/**
 * A cluster in memory whose controllers do what Kubernetes' do, a tick at a time: Deployments replace one pod after the
 * other once the new one is ready, StatefulSets go down from the highest ordinal to the partition, Services select by
 * labels.
 */
export class SimulatedCluster implements Cluster, Signals {
  readonly objects = new Map<string, KubernetesObject>();
  private readonly pods = new Map<string, Pod[]>();
  /** The worst that users saw. */
  worstErrorShare = 0;
  /** The fewest ready pods behind the Service at any time. */
  fewestServing = Number.POSITIVE_INFINITY;
  /** Most engines that were active at once. */
  mostActive = 0;
  handovers = 0;

  constructor(
    objects: readonly KubernetesObject[],
    private readonly container: string,
    private readonly watchedService: string,
    private readonly defectOf: (image: string) => Defect,
  ) {
    for (const object of objects) {
      this.objects.set(keyOf(refOf(object)), structuredClone(object));
      if (object.kind !== "Service") this.pods.set(keyOf(refOf(object)), this.firstPods(object));
    }
  }

  async get(ref: ObjectRef): Promise<KubernetesObject> {
    const object = this.objects.get(keyOf(ref));
    if (!object) throw new Error(`${ref.kind} ${ref.name} does not exist`);
    return structuredClone(object);
  }

  async apply(object: KubernetesObject): Promise<void> {
    const key = keyOf(refOf(object));
    this.objects.set(key, structuredClone(object));
    if (!this.pods.has(key)) this.pods.set(key, []);
  }

  async patch(ref: ObjectRef, change: object): Promise<void> {
    const { metadata, ...rest } = merge(await this.get(ref), change) as KubernetesObject;
    // As the API server does, which answers with no empty maps.
    const { annotations = {}, ...other } = metadata;
    this.objects.set(keyOf(ref), {
      ...(rest as KubernetesObject),
      metadata: { ...other, ...(Object.keys(annotations).length > 0 && { annotations }) },
    });
  }

  async remove(ref: ObjectRef): Promise<void> {
    this.objects.delete(keyOf(ref));
    this.pods.delete(keyOf(ref));
  }

  async progress(ref: ObjectRef): Promise<RolloutProgress> {
    const image = this.imageOf(await this.get(ref));
    const pods = this.pods.get(keyOf(ref)) ?? [];
    return {
      replicas: specOf(await this.get(ref)).replicas ?? 1,
      pods: pods.length,
      updated: pods.filter((pod) => pod.image === image).length,
      ready: pods.filter(isReady).length,
      observed: true,
    };
  }

  async errorShare(): Promise<number | undefined> {
    const serving = this.serving();
    if (serving.length === 0) return undefined;
    return serving.filter(({ image }) => this.defectOf(image) === "fails requests").length / serving.length;
  }

  async activeEngines(): Promise<number> {
    return [...this.pods.values()].flat().filter((pod) => pod.active && isReady(pod)).length;
  }

  async standbyLagSeconds(): Promise<number> {
    return 0;
  }

  /** Lets the controllers work for a moment, and looks at what users get. */
  readonly tick = async (): Promise<void> => {
    for (const object of this.objects.values()) {
      if (object.kind === "Deployment") this.moveDeployment(object);
      if (object.kind === "StatefulSet") this.moveStatefulSet(object);
    }
    for (const pod of [...this.pods.values()].flat()) pod.ticksToReady = Math.max(0, pod.ticksToReady - 1);
    this.worstErrorShare = Math.max(this.worstErrorShare, (await this.errorShare()) ?? 0);
    this.fewestServing = Math.min(this.fewestServing, this.serving().length);
    this.mostActive = Math.max(this.mostActive, await this.activeEngines());
  };

  private serving(): Pod[] {
    const service = [...this.objects.values()].find(
      ({ kind, metadata }) => kind === "Service" && metadata.name === this.watchedService,
    );
    const { selector = {} } = (service?.spec ?? {}) as { selector?: Record<string, string> };
    return [...this.pods.values()]
      .flat()
      .filter((pod) => isReady(pod) && Object.entries(selector).every(([key, value]) => pod.labels[key] === value));
  }

  private firstPods(object: KubernetesObject): Pod[] {
    return Array.from({ length: specOf(object).replicas ?? 1 }, (_, ordinal) => ({
      ...this.newPod(object),
      ticksToReady: 0,
      active: object.kind === "StatefulSet" && ordinal === 0,
    }));
  }

  private newPod(object: KubernetesObject): Pod {
    const image = this.imageOf(object);
    const ticksToReady = this.defectOf(image) === "never ready" ? Number.POSITIVE_INFINITY : START_TICKS;
    return { image, labels: specOf(object).template.metadata.labels, ticksToReady };
  }

  /** One pod more than asked for, none less: an old one goes when a new one is ready. */
  private moveDeployment(object: KubernetesObject): void {
    const pods = this.pods.get(keyOf(refOf(object)))!;
    const { replicas = 1 } = specOf(object);
    const image = this.imageOf(object);
    const old = pods.findIndex((pod) => pod.image !== image);
    if (pods.filter(isReady).length > replicas || (old >= 0 && pods.length > replicas && pods.every(isReady))) {
      pods.splice(old >= 0 ? old : pods.length - 1, 1);
    } else if (old >= 0 && !isReady(pods[old]!)) pods.splice(old, 1);
    else if (pods.length < replicas || (old >= 0 && pods.length === replicas)) pods.push(this.newPod(object));
  }

  private moveStatefulSet(object: KubernetesObject): void {
    const pods = this.pods.get(keyOf(refOf(object)))!;
    const image = this.imageOf(object);
    const partition = specOf(object).updateStrategy?.rollingUpdate.partition ?? 0;
    const next = pods.findLastIndex((pod, ordinal) => ordinal >= partition && pod.image !== image);
    if (next < 0) return;
    // OrderedReady: a pod that is not ready blocks all but its own replacement.
    if (!pods.every((pod, ordinal) => ordinal === next || isReady(pod))) return;
    const heir = pods.find((pod, ordinal) => ordinal !== next && isReady(pod));
    if (pods[next]!.active && heir) {
      heir.active = true;
      this.handovers++;
    }
    pods[next] = this.newPod(object);
  }

  private imageOf(object: KubernetesObject): string {
    return specOf(object).template.spec.containers.find(({ name }) => name === this.container)!.image;
  }
}

const specOf = (object: KubernetesObject) => object.spec as unknown as WorkloadSpec;
const isReady = ({ ticksToReady }: Pod) => ticksToReady === 0;
const keyOf = ({ kind, namespace, name }: ObjectRef) => `${kind}/${namespace}/${name}`;
const refOf = ({ kind, metadata }: KubernetesObject): ObjectRef => ({
  kind: kind as ObjectRef["kind"],
  namespace: metadata.namespace!,
  name: metadata.name,
});

/** JSON merge patch (RFC 7396). */
function merge(target: unknown, change: unknown): unknown {
  if (typeof change !== "object" || change === null || Array.isArray(change)) return change;
  const merged: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(change)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key] ?? {}, value);
  }
  return merged;
}
