import { runProgramSync } from "@hft/toolkit";
import type { KubernetesObject } from "../../charts";
import type { Cluster, ObjectRef, RolloutProgress } from "./cluster";

interface WorkloadStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly readyReplicas?: number;
}

/** A cluster as kubectl reaches it, with the rights of whoever runs it. */
export class KubectlCluster implements Cluster {
  /**
   * @param context name of the context in the user's kubeconfig
   * @param program where kubectl is
   */
  constructor(
    private readonly context: string,
    private readonly program = "kubectl",
  ) {}

  async get(ref: ObjectRef): Promise<KubernetesObject> {
    return JSON.parse(this.run([...named("get", ref), "--output", "json"]));
  }

  async apply(object: KubernetesObject): Promise<void> {
    const args = ["apply", "--server-side", "--force-conflicts", "--field-manager", "hft-rollout", "--filename", "-"];
    this.run(args, JSON.stringify(object));
  }

  async patch(ref: ObjectRef, change: object): Promise<void> {
    this.run([...named("patch", ref), "--type", "merge", "--patch", JSON.stringify(change)]);
  }

  async remove(ref: ObjectRef): Promise<void> {
    this.run([...named("delete", ref), "--ignore-not-found"]);
  }

  async progress(ref: ObjectRef): Promise<RolloutProgress> {
    const { metadata, spec, status } = await this.get(ref);
    const { replicas = 1 } = spec as { replicas?: number };
    const {
      observedGeneration = 0,
      updatedReplicas = 0,
      readyReplicas = 0,
      ...rest
    } = (status ?? {}) as WorkloadStatus;
    const { generation = 0 } = metadata as { generation?: number };
    return {
      replicas,
      pods: rest.replicas ?? 0,
      updated: updatedReplicas,
      ready: readyReplicas,
      observed: observedGeneration >= generation,
    };
  }

  private run(args: readonly string[], input?: string): string {
    const { status, stdout, stderr } = runProgramSync(this.program, ["--context", this.context, ...args], { input });
    if (status !== 0) throw new Error(`kubectl ${args.slice(0, 2).join(" ")}: ${stderr.trim()}`);
    return stdout;
  }
}

const named = (verb: string, { kind, namespace, name }: ObjectRef) => [
  verb,
  kind.toLowerCase(),
  name,
  "--namespace",
  namespace,
];
