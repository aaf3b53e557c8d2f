import { CloudError } from "../cloud/cloud-error";
import type { CloudObject } from "../cloud/cloud-object";
import type { JsonObject } from "../protocol/value";
import type { Behaviours, Resource } from "./behaviour";
import { vpcOfSubnets } from "./zones";

/** DNS, certificates, delivery and load balancers of AWS. */
export const EDGE: Behaviours = {
  aws_route53_zone: {
    id: "Z{upper:20}",
    computed: {
      arn: "arn:aws:route53:::hostedzone/{id}",
      zone_id: "{id}",
      name_servers: ({ attributes }) => {
        const number = (String(attributes.id).charCodeAt(1) * 31) % 1000;
        return ["com", "net", "org", "co.uk"].map((end, index) => `ns-${number + 512 * index}.awsdns-1${index}.${end}`);
      },
      primary_name_server: "ns-1.awsdns-01.com",
    },
    notFound: { code: "NoSuchHostedZone", message: "No hosted zone found with ID: {value}" },
    inUse: { code: "HostedZoneNotEmpty", message: "The hosted zone {name} contains resource record sets." },
  },
  aws_route53_record: {
    id: ({ zone_id, name, type, set_identifier }) =>
      `${zone_id}_${name}_${type}${set_identifier ? `_${set_identifier}` : ""}`,
    computed: { fqdn: ({ attributes }) => String(attributes.name).replace(/\.$/, "") },
    references: [
      { attribute: "zone_id", to: "aws_route53_zone", holds: true },
      { attribute: "health_check_id", to: "aws_route53_health_check", holds: true },
    ],
    check: aloneOfItsKind,
  },
  aws_route53_health_check: { id: "{uuid}", computed: { arn: "arn:aws:route53:::healthcheck/{id}" } },
  aws_acm_certificate: {
    id: "arn:aws:acm:{region}:{account}:certificate/{uuid}",
    computed: {
      arn: "{id}",
      status: "ISSUED",
      type: "AMAZON_ISSUED",
      domain_validation_options: ({ attributes }) => proofs(attributes),
      subject_alternative_names: ({ attributes }) => [attributes.domain_name ?? ""],
      renewal_eligibility: "INELIGIBLE",
    },
    notFound: { code: "ResourceNotFoundException", message: "Could not find certificate {value}." },
    inUse: { code: "ResourceInUseException", message: "Certificate {arn} is in use." },
  },
  aws_acm_certificate_validation: {
    id: "{certificate_arn}",
    references: [{ attribute: "certificate_arn", to: "aws_acm_certificate", by: "arn" }],
  },
  aws_cloudfront_distribution: {
    id: "E{upper:13}",
    computed: {
      arn: "arn:aws:cloudfront::{account}:distribution/{id}",
      domain_name: "d{letters:13}.cloudfront.net",
      hosted_zone_id: "Z2FDTNDATAQYW2",
      status: "Deployed",
      etag: "E{upper:13}",
      caller_reference: "terraform-{hex:26}",
    },
    references: [
      { attribute: "viewer_certificate.acm_certificate_arn", to: "aws_acm_certificate", by: "arn", holds: true },
      { attribute: "origin.origin_access_control_id", to: "aws_cloudfront_origin_access_control", holds: true },
    ],
    check: ({ attributes }) => certificateRegion(attributes),
  },
  aws_cloudfront_origin_access_control: { id: "E{upper:13}", computed: { etag: "E{upper:13}" } },
  aws_cloudfront_response_headers_policy: { id: "{uuid}", computed: { etag: "E{upper:13}" } },
  aws_cloudfront_cache_policy: { id: "{uuid}", computed: { etag: "E{upper:13}" } },
  aws_lb: {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}/{hex:16}",
    apiNoun: "LoadBalancer",
    computed: {
      arn: "{id}",
      arn_suffix: "net/{name}/{hex:16}",
      dns_name: "{name}-{hex:16}.elb.{region}.amazonaws.com",
      name: "tf-lb-{hex:20}",
      zone_id: "Z{upper:13}",
      vpc_id: (resource) => vpcOfSubnets(resource, resource.attributes.subnets),
    },
    unique: [
      {
        attributes: ["name"],
        code: "DuplicateLoadBalancerName",
        message: "A load balancer with the same name '{name}' exists, but with different settings",
      },
    ],
    references: [
      { attribute: "subnets", to: "aws_subnet", holds: true },
      { attribute: "subnet_mapping.subnet_id", to: "aws_subnet", holds: true },
      { attribute: "security_groups", to: "aws_security_group", holds: true },
    ],
    check: ({ attributes }) => shortName(attributes),
    guard: unprotected,
    inUse: { code: "ResourceInUse", message: "Load balancer {name} is in use." },
  },
  aws_lb_target_group: {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/{hex:16}",
    computed: { arn: "{id}", arn_suffix: "targetgroup/{name}/{hex:16}", name: "tf-{hex:26}" },
    unique: [
      {
        attributes: ["name"],
        code: "DuplicateTargetGroupName",
        message: "A target group with the same name '{name}' exists, but with different settings",
      },
    ],
    references: [{ attribute: "vpc_id", to: "aws_vpc", holds: true }],
    check: ({ attributes }) => shortName(attributes),
    inUse: { code: "ResourceInUse", message: "Target group '{arn}' is currently in use by a listener or a rule" },
  },
  aws_lb_listener: {
    id: "arn:aws:elasticloadbalancing:{region}:{account}:listener/net/{hex:16}/{hex:15}",
    computed: { arn: "{id}" },
    references: [
      { attribute: "load_balancer_arn", to: "aws_lb", by: "arn" },
      { attribute: "default_action.target_group_arn", to: "aws_lb_target_group", by: "arn", holds: true },
      { attribute: "certificate_arn", to: "aws_acm_certificate", by: "arn", holds: true },
    ],
    unique: [
      {
        attributes: ["load_balancer_arn", "port"],
        code: "DuplicateListener",
        message: "A listener already exists on this port ({port}) for this load balancer",
      },
    ],
  },
};

/** Records that answer by weight or health share a name; others may only be taken over on purpose. */
function aloneOfItsKind({ attributes, before, owner, cloud }: Resource): CloudError | undefined {
  const { zone_id, name, type, set_identifier, allow_overwrite } = attributes;
  if (before || set_identifier || allow_overwrite === true) return undefined;
  const [other] = cloud.list({ type: "aws_route53_record", owner, id: `${zone_id}_${name}_${type}` });
  return (
    other &&
    new CloudError(
      "InvalidChangeBatch",
      `Tried to create resource record set [name='${name}', type='${type}'] but it already exists`,
    )
  );
}

const LOAD_BALANCER_NAME_MAX = 32;

function shortName({ name }: JsonObject): CloudError | undefined {
  if (typeof name !== "string" || name.length <= LOAD_BALANCER_NAME_MAX) return undefined;
  return new CloudError("ValidationError", `'${name}' is ${name.length} characters long; at most 32 are allowed`);
}

function unprotected({ attributes }: CloudObject): CloudError | undefined {
  if (attributes.enable_deletion_protection !== true) return undefined;
  return new CloudError(
    "OperationNotPermitted",
    `Load balancer '${attributes.arn}' cannot be deleted because deletion protection is enabled`,
  );
}

/** What has to be in DNS to prove who owns the names. */
function proofs(attributes: JsonObject): JsonObject[] {
  const names = [attributes.domain_name, ...((attributes.subject_alternative_names ?? []) as readonly string[])];
  return [...new Set(names)].map((name) => ({
    domain_name: name ?? "",
    resource_record_name: `_${String(attributes.id).slice(-12)}.${name}.`,
    resource_record_type: "CNAME",
    resource_record_value: `_${String(attributes.id).slice(-12)}.acm-validations.aws.`,
  }));
}

function certificateRegion(attributes: JsonObject): CloudError | undefined {
  const [viewer] = (attributes.viewer_certificate ?? []) as readonly { acm_certificate_arn?: string }[];
  const arn = viewer?.acm_certificate_arn ?? "";
  if (arn === "" || arn.split(":")[3] === "us-east-1") return undefined;
  return new CloudError(
    "InvalidViewerCertificate",
    `The specified SSL certificate ${arn} doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain.`,
  );
}
