import { fillTemplate } from "../behaviours/template";
import { ZONE_LETTERS, zoneId } from "../behaviours/zones";
import { CloudError } from "../cloud/cloud-error";
import type { Answer, Query } from "./data-source";
import { deployedObject, deployedObjects } from "./deployed";

function template(text: string, { config, owner, region }: Query): string {
  return fillTemplate(text, { attributes: config, owner, region, seed: text });
}

/** Public parameters of AWS (`/aws/service/…`): recommended machine images and the like. */
function publicParameter(query: Query): string {
  return fillTemplate("ami-{hex:17}", {
    attributes: {},
    owner: "",
    region: "",
    seed: `${query.region} ${query.config.name}`,
  });
}

function ssmParameter(query: Query) {
  const name = String(query.config.name);
  if (name.startsWith("/aws/service/")) {
    const value = publicParameter(query);
    return {
      value,
      insecure_value: value,
      type: "String",
      version: 1,
      arn: `arn:aws:ssm:${query.region}::parameter${name}`,
    };
  }
  const found = query.cloud.list({ type: "aws_ssm_parameter", owner: query.owner, region: query.region });
  const parameter = found.find((object) => object.attributes.name === name);
  if (!parameter) throw new CloudError("ParameterNotFound", `parameter ${name} does not exist in ${query.region}`);
  const { arn, type, version, value, insecure_value } = parameter.attributes;
  const content = value === null || value === "" ? insecure_value : value;
  return {
    arn: arn!,
    type: type!,
    version: version!,
    value: content!,
    insecure_value: type === "SecureString" ? "" : content!,
  };
}

/** Data sources of AWS that are not simply a deployed object. */
export const AWS_DATA_SOURCES: Readonly<Record<string, Answer>> = {
  aws_ssm_parameter: ssmParameter,
  aws_caller_identity: (query) => ({
    id: query.owner,
    account_id: query.owner,
    user_id: "AROA0REHEARSAL0000000:rehearsal",
    arn: `arn:aws:sts::${query.owner}:assumed-role/rehearsal/rehearsal`,
  }),
  aws_region: ({ region }) => ({
    id: region,
    name: region,
    region,
    description: region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
  aws_partition: () => ({
    id: "aws",
    partition: "aws",
    dns_suffix: "amazonaws.com",
    reverse_dns_prefix: "com.amazonaws",
  }),
  aws_availability_zones: ({ region }) => ({
    id: region,
    names: ZONE_LETTERS.map((letter) => region + letter),
    zone_ids: ZONE_LETTERS.map((letter) => zoneId(region + letter)),
    group_names: [region],
  }),
  aws_eks_cluster: (query) => {
    const found = query.cloud.list({ type: "aws_eks_cluster", owner: query.owner, region: query.region });
    const cluster = found.find((object) => object.attributes.name === query.config.name);
    if (!cluster) {
      throw new CloudError("ResourceNotFoundException", `No cluster found for name: ${query.config.name}.`, 404);
    }
    return cluster.attributes;
  },
  aws_eks_cluster_auth: (query) => ({
    id: String(query.config.name),
    token: template("k8s-aws-v1.{hex:48}", query),
  }),
  aws_ami: (query) => {
    const id = template("ami-{hex:17}", query);
    return { id, image_id: id, architecture: "x86_64", root_device_name: "/dev/xvda", state: "available" };
  },
  aws_vpcs: (query) => ({ id: query.region, ids: deployedObjects(query, "aws_vpc").map(({ id }) => id) }),
  aws_subnets: (query) => ({ id: query.region, ids: deployedObjects(query, "aws_subnet").map(({ id }) => id) }),
  aws_secretsmanager_secret_version: (query) => deployedObject(query).attributes,
  aws_ec2_managed_prefix_list: (query) => ({ id: template("pl-{hex:17}", query) }),
};
