import type { Environment } from "../../../environments";
import type { SynthesizedEnvironment, SynthesizedStack } from "../../../stacks";
import { type Layer, stackId } from "../../../vocabulary";

/** Names of one region's things, as the cloud knows them. */
export interface RegionResourceNames {
  readonly region: string;
  /** EKS cluster, and the context of kubectl by the alias that `aws eks update-kubeconfig --alias` gave it. */
  readonly cluster: string;
  /** RDS instance; undefined where the database stays on premises. */
  readonly database?: string;
  /** What a copy of the database is given, so that it stands where the old one does. */
  readonly databaseSettings?: DatabaseSettings;
  readonly databaseSecret?: string;
  readonly stateBucket: string;
  /** Pods that an engine may run in. */
  readonly engines: readonly string[];
  readonly backupVault?: string;
}

/** Settings that RDS does not take over from the source of a restore. */
interface DatabaseSettings {
  readonly instanceClass: string;
  readonly subnetGroup: string;
  readonly parameterGroup: string;
  /** Name of the security group; its id is known only to AWS. */
  readonly securityGroup: string;
  readonly isMultiAz: boolean;
  readonly storageType: string;
  readonly port: number;
  readonly logs: readonly string[];
}

/** Where the things of an environment are, read out of what is synthesized, so that they cannot differ from it. */
export interface ResourceNames {
  readonly environment: Environment;
  /** Where users reach the platform. */
  readonly url: string;
  readonly regions: Readonly<Record<string, RegionResourceNames>>;
  /** Secrets that all regions share, by their short name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Folder of a stack's Terraform files. */
  readonly stackDirectory: (stack: string) => string;
}

export function resourceNamesOf({ environment, stacks, manifests }: SynthesizedEnvironment): ResourceNames {
  const find = (region: string, layer: Layer) =>
    stacks.find(({ name }) => name === stackId(environment, layer, region));
  const global = stacks.find(({ name }) => name === stackId(environment, "global"));
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
            databaseSettings: databaseSettings(data),
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

function databaseSettings(data: SynthesizedStack | undefined): DatabaseSettings | undefined {
  const [database] = Object.values(data?.json.resource?.aws_db_instance ?? {});
  if (!database) return undefined;
  const [reference = ""] = database.vpc_security_group_ids as readonly string[];
  const [, group = ""] = /aws_security_group\.(\w+)\.id/.exec(reference) ?? [];
  return {
    instanceClass: String(database.instance_class),
    subnetGroup: attribute(data, "aws_db_subnet_group", "name")!,
    parameterGroup: attribute(data, "aws_db_parameter_group", "name")!,
    securityGroup: String(data!.json.resource!.aws_security_group![group]!.name),
    isMultiAz: database.multi_az === true,
    storageType: String(database.storage_type),
    port: Number(database.port),
    logs: database.enabled_cloudwatch_logs_exports as readonly string[],
  };
}

function attribute(stack: SynthesizedStack | undefined, type: string, name: string): string | undefined {
  const [body] = Object.values(stack?.json.resource?.[type] ?? {});
  const value = body?.[name];
  return typeof value === "string" ? value : undefined;
}

function backendBucket({ json }: SynthesizedStack): string {
  return (json as { terraform: { backend: { s3: { bucket: string } } } }).terraform.backend.s3.bucket;
}
