import type { Behaviours, Resource } from "./behaviour";

const named = (code: string, what: string) => [
  { attributes: ["name"], code, message: `The ${what} {name} already exists` },
];

/** Node templates and capacity, container images, functions, scaling. */
export const COMPUTE: Behaviours = {
  aws_launch_template: {
    id: "lt-{hex:17}",
    computed: {
      arn: "arn:aws:ec2:{region}:{account}:launch-template/{id}",
      name: "terraform-{hex:26}",
      default_version: 1,
      latest_version: nextVersion,
    },
    unique: named("InvalidLaunchTemplateName.AlreadyExistsException", "launch template"),
    references: [{ attribute: "placement.group_name", to: "aws_placement_group", by: "name", holds: true }],
    notFound: {
      code: "InvalidLaunchTemplateId.NotFound",
      message: "The specified launch template, with template ID {value}, does not exist.",
    },
  },
  aws_placement_group: {
    id: "{name}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:placement-group/{name}", placement_group_id: "pg-{hex:17}" },
    unique: named("InvalidPlacementGroup.Duplicate", "placement group"),
    notFound: { code: "InvalidPlacementGroup.Unknown", message: "The Placement Group '{value}' is unknown." },
    inUse: {
      code: "InvalidPlacementGroup.InUse",
      message: "The placement group {name} is in use and may not be deleted.",
    },
  },
  aws_ec2_capacity_reservation: {
    id: "cr-{hex:17}",
    computed: { arn: "arn:aws:ec2:{region}:{account}:capacity-reservation/{id}" },
    references: [{ attribute: "placement_group_arn", to: "aws_placement_group", by: "arn", holds: true }],
  },
  aws_ecr_repository: {
    id: "{name}",
    computed: {
      arn: "arn:aws:ecr:{region}:{account}:repository/{name}",
      registry_id: "{account}",
      repository_url: "{account}.dkr.ecr.{region}.amazonaws.com/{name}",
    },
    unique: [
      {
        attributes: ["name"],
        code: "RepositoryAlreadyExistsException",
        message: "The repository with name '{name}' already exists in the registry with id '{account}'",
      },
    ],
    notFound: {
      code: "RepositoryNotFoundException",
      message: "The repository with name '{value}' does not exist in the registry",
    },
  },
  aws_ecr_lifecycle_policy: {
    id: "{repository}",
    references: [{ attribute: "repository", to: "aws_ecr_repository", by: "name" }],
  },
  aws_ecr_repository_policy: {
    id: "{repository}",
    computed: { registry_id: "{account}" },
    references: [{ attribute: "repository", to: "aws_ecr_repository", by: "name" }],
  },
  aws_ecr_replication_configuration: { id: "{account}", computed: { registry_id: "{account}" } },
  aws_lambda_function: {
    id: "{function_name}",
    computed: {
      arn: "arn:aws:lambda:{region}:{account}:function:{function_name}",
      invoke_arn:
        "arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/arn:aws:lambda:{region}:{account}:function:{function_name}/invocations",
      qualified_arn: "arn:aws:lambda:{region}:{account}:function:{function_name}:1",
      version: "$LATEST",
      source_code_hash: "{hex:44}",
      code_sha256: "{hex:44}",
    },
    unique: [
      {
        attributes: ["function_name"],
        code: "ResourceConflictException",
        message: "Function already exist: {function_name}",
      },
    ],
    references: [
      { attribute: "role", to: "aws_iam_role", by: "arn" },
      { attribute: "vpc_config.subnet_ids", to: "aws_subnet", holds: true },
      { attribute: "vpc_config.security_group_ids", to: "aws_security_group", holds: true },
    ],
  },
  aws_lambda_permission: {
    id: "{statement_id}",
    computed: { statement_id: "terraform-{hex:26}" },
    references: [{ attribute: "function_name", to: "aws_lambda_function" }],
  },
  aws_appautoscaling_target: {
    id: "{resource_id}",
    computed: {
      arn: "arn:aws:application-autoscaling:{region}:{account}:scalable-target/{hex:24}",
      role_arn:
        "arn:aws:iam::{account}:role/aws-service-role/kafka.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_KafkaCluster",
    },
  },
  aws_appautoscaling_policy: {
    id: "{name}",
    computed: {
      arn: "arn:aws:autoscaling:{region}:{account}:scalingPolicy:{uuid}:resource/{service_namespace}/{resource_id}:policyName/{name}",
    },
    references: [{ attribute: "resource_id", to: "aws_appautoscaling_target", by: "resource_id" }],
  },
  aws_autoscaling_group: {
    id: "{name}",
    computed: { name: "terraform-{hex:26}" },
    unique: named("AlreadyExists", "Auto Scaling group"),
  },
};

function nextVersion({ before }: Resource): number {
  return Number(before?.latest_version ?? 0) + 1;
}
