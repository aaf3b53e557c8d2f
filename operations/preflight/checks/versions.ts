import type { Account, OfferedVersion } from "../account/account";
import { type Check, type CheckAnswer, missing, ok } from "../check";
import type { Needs } from "../needs";

interface Product {
  readonly name: string;
  /** Field of the environment. */
  readonly field: string;
  readonly wanted: (needs: Needs) => string | undefined;
  readonly offered: (region: string, account: Account) => Promise<readonly OfferedVersion[]>;
  /** Statuses in which a version can be chosen for something new. */
  readonly usable: readonly string[];
}

const made = (type: string) => (needs: Needs) => needs.resources.some((resource) => resource.type === type);
const ifMade = (type: string, version: (needs: Needs) => string) => (needs: Needs) =>
  made(type)(needs) ? version(needs) : undefined;

const PRODUCTS: readonly Product[] = [
  {
    name: "Kubernetes",
    field: "kubernetes.version",
    wanted: ifMade("aws_eks_cluster", ({ environment }) => environment.kubernetes.version),
    offered: (region, account) => account.kubernetesVersions(region),
    usable: ["STANDARD_SUPPORT", "EXTENDED_SUPPORT"],
  },
  {
    name: "PostgreSQL",
    field: "database.engineVersion",
    wanted: ifMade("aws_db_instance", ({ environment }) => environment.database.engineVersion),
    offered: (region, account) => account.postgresqlVersions(region),
    usable: ["available"],
  },
  {
    name: "Kafka",
    field: "streaming.kafkaVersion",
    wanted: ifMade("aws_msk_cluster", ({ environment }) => environment.streaming.kafkaVersion),
    offered: (region, account) => account.kafkaVersions(region),
    usable: ["ACTIVE"],
  },
  {
    name: "Valkey",
    field: "cache.engineVersion",
    wanted: ifMade("aws_elasticache_replication_group", ({ environment }) => environment.cache.engineVersion),
    offered: (region, account) => account.valkeyVersions(region),
    usable: ["available"],
  },
];

export const VERSIONS: Check = {
  id: "PRE-VER-1",
  title: "versions that the region offers",
  instead: "Choose a version that the region offers.",
  run: async (needs, { account }) => {
    const answers = await Promise.all(
      needs.regions.flatMap((region) => PRODUCTS.map((product) => compare(product, needs, region, account))),
    );
    return answers.flat();
  },
};

async function compare(product: Product, needs: Needs, region: string, account: Account): Promise<CheckAnswer[]> {
  const wanted = product.wanted(needs);
  if (wanted === undefined) return [];
  const offered = await product.offered(region, account);
  const subject = `${region}: ${product.name} ${wanted}`;
  const found = offered.find(({ version }) => version === wanted);
  if (found && product.usable.includes(found.status)) return [ok(subject, found.status)];
  const usable = offered.filter(({ status }) => product.usable.includes(status)).map(({ version }) => version);
  const remedy = `offered are ${usable.join(", ") || "none"}; change ${product.field} in environments/${needs.environment.name}.ts`;
  return [missing(subject, found ? found.status : "not offered", remedy)];
}

export const DATABASE_CLASS: Check = {
  id: "PRE-VER-2",
  title: "database class for its version",
  instead: "Choose a class that RDS offers for this version.",
  run: async (needs, { account }) => {
    const { environment, regions } = needs;
    if (!made("aws_db_instance")(needs)) return [];
    const { engineVersion, instanceClass } = environment.database;
    return Promise.all(
      regions.map(async (region) => {
        const subject = `${region}: ${instanceClass} with PostgreSQL ${engineVersion}`;
        if (await account.databaseClassOffered(region, engineVersion, instanceClass)) return ok(subject, "offered");
        const remedy = `choose another database.instanceClass in environments/${environment.name}.ts`;
        return missing(subject, "RDS does not offer this combination there", remedy);
      }),
    );
  },
};
