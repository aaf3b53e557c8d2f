import { AddressRange } from "@hft/toolkit";
import { CloudError } from "../cloud/cloud-error";
import type { JsonObject } from "../protocol/value";
import type { Resource } from "./behaviour";
import { vpcOfSubnets } from "./zones";

/**
 * Which range of Services EKS takes, as the provider already checks it and as the API does.
 * Sources: terraform-provider-aws, internal/service/eks/validate.go; EKS API model of botocore 1.44.8,
 * KubernetesNetworkConfigRequest.
 */
export function serviceRangeProblem({ attributes }: Pick<Resource, "attributes">): CloudError | undefined {
  const text = serviceRange(attributes);
  if (text === undefined) return undefined;
  const range = AddressRange.tryParse(text);
  if (!range?.isPrivate) {
    return invalid(
      `"kubernetes_network_config.0.service_ipv4_cidr" (${text}) must be within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16`,
    );
  }
  return range.prefixLength < 12 || range.prefixLength > 24
    ? invalid(`The Service IPv4 CIDR ${text} must be between /24 and /12`)
    : undefined;
}

/** What only the API can know: the networks' own addresses. */
export function clusterProblem(resource: Resource): CloudError | undefined {
  const problem = serviceRangeProblem(resource);
  const text = serviceRange(resource.attributes);
  if (problem || text === undefined) return problem;
  const [network] = (resource.attributes.vpc_config ?? []) as readonly JsonObject[];
  const vpcId = vpcOfSubnets(resource, (network?.subnet_ids ?? []) as readonly string[]);
  const vpc = resource.cloud.list({ type: "aws_vpc", id: String(vpcId) })[0];
  const block = AddressRange.tryParse(String(vpc?.attributes.cidr_block ?? ""));
  return block?.overlaps(AddressRange.parse(text))
    ? invalid(`The Service IPv4 CIDR ${text} overlaps the CIDR ${vpc!.attributes.cidr_block} of the VPC ${vpcId}`)
    : undefined;
}

/**
 * EKS keeps min <= desired <= max and refuses what breaks it, also when desired is not Terraform's to change.
 * Source: terraform-aws-modules/terraform-aws-eks issues 3306 and 3521.
 */
export function scalingProblem({ attributes }: Resource): CloudError | undefined {
  const [scaling] = (attributes.scaling_config ?? []) as readonly JsonObject[];
  const { min_size: min, desired_size: desired, max_size: max } = (scaling ?? {}) as Record<string, number>;
  if (min === undefined || desired === undefined || max === undefined) return undefined;
  if (min > desired) return invalid(`Minimum capacity ${min} can't be greater than desired size ${desired}`);
  if (desired > max) return invalid(`desired capacity ${desired} can't be greater than max size ${max}`);
  return undefined;
}

function serviceRange(attributes: JsonObject): string | undefined {
  const [network] = (attributes.kubernetes_network_config ?? []) as readonly JsonObject[];
  const range = network?.service_ipv4_cidr;
  return typeof range === "string" && range !== "" ? range : undefined;
}

function invalid(message: string): CloudError {
  return new CloudError("InvalidParameterException", message);
}
