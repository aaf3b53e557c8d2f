import type { Environment } from "../../environments";
import type { SynthesizedEnvironment, SynthesizedStack } from "../../stacks";

/** Names of one region's things, as the cloud knows them. */
export interface RegionPlaces {
  readonly region: string;
  /** EKS cluster, and the context of kubectl by the alias that `aws eks update-kubeconfig --alias` gave it. */
  readonly cluster: string;
  /** RDS instance; undefined where the database stays on premises. */
  readonly database?: string;
  readonly databaseSecret?: string;
  readonly stateBucket: string;
  /** Pods that an engine may run in. */
  readonly engines: readonly string[];
  readonly backupVault?: string;
}

/** Where the things of an environment are, read out of what is synthesized, so that they cannot differ from it. */
export interface Places {
  readonly environment: Environment;
  /** Where users reach the platform. */
  readonly url: string;
  readonly regions: Readonly<Record<string, RegionPlaces>>;
  /** Secrets that all regions share, by their short name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Folder of a stack's Terraform files. */
  readonly stackDirectory: (stack: string) => string;
}

export function placesOf({ environment, stacks, manifests }: SynthesizedEnvironment): Places {
  const find = (region: string, layer: string) =>
    stacks.find(({ name }) => name === `${environment.name}-${region}-${layer}`);
  const global = stacks.find(({ name }) => name === `${environment.name}-global`);
  return {
    environment,
    url: `https://${environment.edge.hostname}`,
    regions: Object.fromEntries(
      environment.regions.map(({ name: region }) => {
        const data = find(region, "data");
        return [
          region,
          {
            region,
            cluster: attribute(find(region, "cluster"), "aws_eks_cluster", "name")!,
            database: attribute(data, "aws_db_instance", "identifier"),
            databaseSecret: attribute(data, "aws_secretsmanager_secret", "name"),
            stateBucket: backendBucket(find(region, "network")!),
            engines: enginesIn(manifests.get(region) ?? []),
            backupVault: attribute(data, "aws_backup_vault", "name"),
          },
        ];
      }),
    ),
    secrets: Object.fromEntries(
      Object.values(global?.json.resource?.aws_secretsmanager_secret ?? {}).map(({ name }) => [
        String(name).split("/").at(-1)!,
        String(name),
      ]),
    ),
    stackDirectory: (stack) => `cdktf.out/stacks/${stack}`,
  };
}

function enginesIn(
  manifests: readonly { readonly kind: string; readonly metadata: { readonly name: string } }[],
): string[] {
  const engine = manifests.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "engine");
  const { replicas } = (engine as unknown as { spec: { replicas: number } } | undefined)?.spec ?? { replicas: 1 };
  return Array.from({ length: replicas }, (_, ordinal) => `engine-${ordinal}`);
}

function attribute(stack: SynthesizedStack | undefined, type: string, name: string): string | undefined {
  const [body] = Object.values(stack?.json.resource?.[type] ?? {});
  const value = body?.[name];
  return typeof value === "string" ? value : undefined;
}

function backendBucket({ json }: SynthesizedStack): string {
  return (json as { terraform: { backend: { s3: { bucket: string } } } }).terraform.backend.s3.bucket;
}
