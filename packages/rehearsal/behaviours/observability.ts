import type { Behaviours } from "./behaviour";

/** Logs, alarms, messages, budgets. */
export const OBSERVABILITY: Behaviours = {
  aws_cloudwatch_log_group: {
    id: "{name}",
    computed: { arn: "arn:aws:logs:{region}:{account}:log-group:{name}", name: "terraform-{hex:26}" },
    unique: [
      {
        attributes: ["name"],
        code: "ResourceAlreadyExistsException",
        message: "The specified log group already exists: {name}",
      },
    ],
  },
  aws_cloudwatch_log_stream: {
    id: "{name}",
    computed: { arn: "arn:aws:logs:{region}:{account}:log-group:{log_group_name}:log-stream:{name}" },
    references: [{ attribute: "log_group_name", to: "aws_cloudwatch_log_group", by: "name" }],
  },
  aws_cloudwatch_log_subscription_filter: {
    id: "cwlsf-{hex:10}",
    references: [
      { attribute: "log_group_name", to: "aws_cloudwatch_log_group", by: "name" },
      { attribute: "role_arn", to: "aws_iam_role", by: "arn" },
      {
        attribute: "destination_arn",
        to: "aws_kinesis_firehose_delivery_stream",
        by: "arn",
        except: /^arn:aws:(?!firehose:)/,
      },
    ],
  },
  aws_kinesis_firehose_delivery_stream: {
    id: "{arn}",
    computed: {
      arn: "arn:aws:firehose:{region}:{account}:deliverystream/{name}",
      destination_id: "destinationId-000000000001",
      version_id: "1",
    },
    references: [
      { attribute: "extended_s3_configuration.role_arn", to: "aws_iam_role", by: "arn" },
      { attribute: "extended_s3_configuration.bucket_arn", to: "aws_s3_bucket", by: "arn" },
    ],
    unique: [
      {
        attributes: ["name"],
        code: "ResourceInUseException",
        message: "Firehose {name} under accountId {account} already exists",
      },
    ],
  },
  aws_cloudwatch_metric_alarm: {
    id: "{alarm_name}",
    computed: { arn: "arn:aws:cloudwatch:{region}:{account}:alarm:{alarm_name}" },
    references: [{ attribute: "alarm_actions", to: "aws_sns_topic", by: "arn", except: /^arn:aws:(?!sns:)/ }],
    unique: [{ attributes: ["alarm_name"], code: "AlarmExists", message: "The alarm {alarm_name} already exists" }],
  },
  aws_cloudwatch_dashboard: {
    id: "{dashboard_name}",
    computed: { dashboard_arn: "arn:aws:cloudwatch::{account}:dashboard/{dashboard_name}" },
  },
  aws_cloudwatch_event_rule: {
    id: "{name}",
    computed: { arn: "arn:aws:events:{region}:{account}:rule/{name}", name: "terraform-{hex:26}" },
  },
  aws_cloudwatch_event_target: {
    id: "{rule}-{target_id}",
    computed: { target_id: "terraform-{hex:26}" },
    references: [{ attribute: "rule", to: "aws_cloudwatch_event_rule", holds: true }],
  },
  aws_sns_topic: {
    id: "arn:aws:sns:{region}:{account}:{name}",
    computed: { arn: "{id}", owner: "{account}", name: "terraform-{hex:26}" },
    notFound: { code: "NotFound", message: "Topic does not exist: {value}" },
  },
  aws_sns_topic_policy: {
    id: "{arn}",
    computed: { owner: "{account}" },
    references: [{ attribute: "arn", to: "aws_sns_topic", by: "arn" }],
  },
  aws_sns_topic_subscription: {
    id: "{topic_arn}:{uuid}",
    computed: { arn: "{id}", owner_id: "{account}", confirmation_was_authenticated: true },
    references: [{ attribute: "topic_arn", to: "aws_sns_topic", by: "arn" }],
  },
  aws_sqs_queue: {
    id: "https://sqs.{region}.amazonaws.com/{account}/{name}",
    computed: { arn: "arn:aws:sqs:{region}:{account}:{name}", url: "{id}", name: "terraform-{hex:26}" },
  },
  aws_budgets_budget: {
    id: "{account}:{name}",
    computed: { arn: "arn:aws:budgets::{account}:budget/{name}", account_id: "{account}" },
    unique: [
      {
        attributes: ["name"],
        within: "account",
        code: "DuplicateRecordException",
        message: "Error creating budget: {name} - the budget already exists.",
      },
    ],
  },
};
