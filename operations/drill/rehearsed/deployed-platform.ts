import { ENDPOINT_VARIABLES } from "@hft/engine/configuration";
import type { CloudObject, Rehearsal } from "@hft/rehearsal";
import type { Environment } from "../../../environments";
import type { ResourceNames } from "../live/resource-names";

/**
 * What is deployed in the simulated cloud, in the words of a drill. Nothing here is remembered: it is read at each
 * look.
 */
export class DeployedPlatform {
  constructor(
    private readonly rehearsal: Rehearsal,
    private readonly resourceNames: () => ResourceNames,
  ) {}

  isLost(region: string): boolean {
    return this.rehearsal.lostRegions().includes(region);
  }

  /** Regions in the order in which the edge would use them, without those whose pool is switched off. */
  edgeOrder(): string[] {
    const [balancer] = this.rehearsal.objects({ type: "cloudflare_load_balancer" });
    const pools = new Map(
      this.rehearsal.objects({ type: "cloudflare_load_balancer_pool" }).map((pool) => [pool.id, pool]),
    );
    return asList(balancer?.attributes.default_pools).flatMap((id) => {
      const pool = pools.get(String(id));
      if (pool?.attributes.enabled !== true) return [];
      const [origin] = asList(pool.attributes.origins) as { name?: unknown }[];
      return [String(origin?.name)];
    });
  }

  /** The role that the deployed workloads give the engine of a region. */
  roleOf(region: string): "active" | "standby" | undefined {
    const role = (
      this.manifest(region, "ConfigMap", "platform-endpoints")?.data as Record<string, string> | undefined
    )?.[ENDPOINT_VARIABLES.regionRole];
    return role === "active" || role === "standby" ? role : undefined;
  }

  /** The engine's image that is deployed in a region. */
  engineImage(region: string): string | undefined {
    const spec = this.manifest(region, "StatefulSet", "engine")?.spec as
      | { template: { spec: { containers: { name: string; image: string }[] } } }
      | undefined;
    return spec?.template.spec.containers.find(({ name }) => name === "engine")?.image;
  }

  /** The database that the environment describes for a region. */
  database(region: string): CloudObject | undefined {
    const identifier = this.resourceNames().regions[region]?.database;
    return this.rehearsal
      .objects({ type: "aws_db_instance", region })
      .find(({ attributes }) => attributes.identifier === identifier);
  }

  /** States of a region's own stacks, by key. */
  stateKeys({ name }: Environment, region: string): string[] {
    const bucket = this.resourceNames().regions[region]!.stateBucket;
    return this.rehearsal
      .bucket(bucket)
      .keys()
      .filter((key) => key.startsWith(`${name}-${region}-`) && key.endsWith(".tfstate"));
  }

  private manifest(region: string, kind: string, name: string): Record<string, unknown> | undefined {
    return this.rehearsal
      .objects({ type: "kubernetes_manifest", region })
      .map(({ attributes }) => (attributes.manifest as { value: Record<string, unknown> }).value)
      .find((manifest) => manifest.kind === kind && (manifest.metadata as { name?: string }).name === name);
  }
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
