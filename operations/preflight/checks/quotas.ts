import type { Account, ServiceQuota } from "../account/account";
import { type Check, missing, ok } from "../check";
import type { Needs } from "../needs";

interface Demand extends ServiceQuota {
  readonly name: string;
  /** What this environment will have there when it is deployed. */
  readonly needed: (needs: Needs, region: string, account: Account) => Promise<number>;
  /** What the account has there besides this environment. */
  readonly inUse: (region: string, environment: string, account: Account) => Promise<number>;
}

const none = async () => 0;
const resources = (type: string) => async (needs: Needs, region: string) => needs.count(region, type);

/**
 * Quotas that a new account is known to be short of.
 * The codes were written from memory; no source was read for them. Where Service Quotas does not know one, the answer
 * is `unknown`. `aws service-quotas list-aws-default-service-quotas` tells.
 */
const DEMANDS: readonly Demand[] = [
  {
    service: "ec2",
    code: "L-1216C47A",
    name: "vCPUs of running on-demand standard instances",
    needed: (needs, region, account) => vcpus(needs, region, account, false),
    inUse: (region, environment, account) => account.vcpusOfOthers(region, environment, false),
  },
  {
    service: "ec2",
    code: "L-34B43A08",
    name: "vCPUs of standard spot instances",
    needed: (needs, region, account) => vcpus(needs, region, account, true),
    inUse: (region, environment, account) => account.vcpusOfOthers(region, environment, true),
  },
  {
    service: "ec2",
    code: "L-0263D0A3",
    name: "Elastic IP addresses",
    needed: resources("aws_eip"),
    inUse: (region, environment, account) => account.addressesOfOthers(region, environment),
  },
  {
    service: "vpc",
    code: "L-F678F1CE",
    name: "VPCs",
    needed: resources("aws_vpc"),
    inUse: (region, environment, account) => account.vpcsOfOthers(region, environment),
  },
  {
    service: "vpc",
    code: "L-29B6F2EB",
    name: "interface endpoints of a VPC",
    needed: async (needs, region) => interfaceEndpoints(needs, region),
    inUse: none,
  },
  {
    service: "elasticloadbalancing",
    code: "L-69A177A2",
    name: "network load balancers",
    needed: resources("aws_lb"),
    inUse: none,
  },
  { service: "eks", code: "L-1194D53C", name: "EKS clusters", needed: resources("aws_eks_cluster"), inUse: none },
  { service: "rds", code: "L-7B6409FD", name: "RDS instances", needed: resources("aws_db_instance"), inUse: none },
];

export const QUOTAS: Check = {
  id: "PRE-QUO-1",
  title: "service quotas",
  instead: "Request a larger quota with the command in the message.",
  run: async (needs, { account }) => {
    const answers = await Promise.all(
      needs.regions.flatMap((region) => DEMANDS.map((demand) => compare(demand, needs, region, account))),
    );
    return answers.flat();
  },
};

async function compare(demand: Demand, needs: Needs, region: string, account: Account) {
  const needed = await demand.needed(needs, region, account);
  if (needed === 0) return [];
  const [inUse, quota] = await Promise.all([
    demand.inUse(region, needs.environment.name, account),
    account.quota(region, demand),
  ]);
  const subject = `${region}: ${demand.name}`;
  const found = `${needed} needed at most, ${inUse} used by others, quota ${quota}`;
  if (needed + inUse <= quota) return [ok(subject, found)];
  const request = `--service-code ${demand.service} --quota-code ${demand.code} --desired-value ${needed + inUse}`;
  return [missing(subject, found, `aws service-quotas request-service-quota-increase --region ${region} ${request}`)];
}

/** Every pool at its maximum, each node of the largest type that it may take. */
async function vcpus({ instances }: Needs, region: string, account: Account, spot: boolean): Promise<number> {
  const pools = instances.filter((pool) => pool.region === region && pool.spot === spot);
  if (pools.length === 0) return 0;
  const sizes = await account.vcpusOf(region, [...new Set(pools.flatMap(({ types }) => types))]);
  return pools.reduce((sum, { types, countMax }) => {
    return sum + countMax * Math.max(0, ...types.map((type) => sizes.get(type) ?? 0));
  }, 0);
}

function interfaceEndpoints(needs: Needs, region: string): number {
  return needs.resources.filter(
    ({ type, body }) =>
      type === "aws_vpc_endpoint" &&
      body.vpc_endpoint_type === "Interface" &&
      String(body.service_name).includes(`.${region}.`),
  ).length;
}
