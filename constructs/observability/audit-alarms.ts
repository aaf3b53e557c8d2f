import type { AlarmDefinition } from "./alarms";
import { BUFFER_SECONDS } from "./audit-delivery";

/**
 * What must not happen to records on their way into the audit bucket.
 * Metrics: Firehose Developer Guide, "Monitor with CloudWatch metrics"; CloudWatch Logs User Guide, "Monitoring with
 * CloudWatch metrics".
 */
export function auditAlarms(streamName: string, logGroupName: string): AlarmDefinition[] {
  const stream = { namespace: "AWS/Firehose", dimensions: { DeliveryStreamName: streamName } } as const;
  const subscription = { namespace: "AWS/Logs", dimensions: { LogGroupName: logGroupName } } as const;
  return [
    {
      ...stream,
      name: "audit-delivery-late",
      description:
        "Audit records wait too long for the bucket; Firehose drops them after a day. Read the log group audit-delivery.",
      metric: "DeliveryToS3.DataFreshness",
      statistic: "Maximum",
      comparison: ">",
      threshold: 3 * BUFFER_SECONDS,
      periodSeconds: 300,
      periods: 2,
    },
    {
      ...subscription,
      name: "audit-delivery-refused",
      description:
        "Records of the audit log group did not reach the stream. Look at the role audit-sender and the stream.",
      metric: "DeliveryErrors",
      statistic: "Sum",
      comparison: ">",
      threshold: 0,
      periodSeconds: 300,
      periods: 1,
    },
  ];
}
