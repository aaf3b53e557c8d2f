import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";

/** An alarm condition of an AWS service, in CloudWatch's terms. */
export interface AlarmDefinition {
  /** The alarm's own name and the anchor of its runbook: "database-storage-low". */
  readonly name: string;
  /** The problem and the first action; this is the first line of the message to the on-call engineer. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum";
  readonly comparison: ">" | ">=" | "<";
  readonly threshold: number;
  /** Each period must cross the threshold. */
  readonly periodSeconds: number;
  readonly periods: number;
  /**
   * How to treat missing data: a service that reports nothing may be down, or have nothing to report.
   * @default "fine"
   */
  readonly silence?: "fine" | "alarm";
}

const OPERATORS = {
  ">": "GreaterThanThreshold",
  ">=": "GreaterThanOrEqualToThreshold",
  "<": "LessThanThreshold",
} as const;

export interface AlarmsProps {
  readonly names: Names;
  /** Topic that is notified of every state change, including recovery. */
  readonly topicArn: string;
  readonly alarms: readonly AlarmDefinition[];
}

/** Creates CloudWatch alarms from definitions; each kind of service has a function that returns its definitions. */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    for (const alarm of props.alarms) {
      new CloudwatchMetricAlarm(this, alarm.name, {
        alarmName: props.names.of(alarm.name, 255),
        alarmDescription: alarm.description,
        namespace: alarm.namespace,
        metricName: alarm.metric,
        dimensions: { ...alarm.dimensions },
        statistic: alarm.statistic,
        comparisonOperator: OPERATORS[alarm.comparison],
        threshold: alarm.threshold,
        period: alarm.periodSeconds,
        evaluationPeriods: alarm.periods,
        treatMissingData: alarm.silence === "alarm" ? "breaching" : "notBreaching",
        alarmActions: [props.topicArn],
        okActions: [props.topicArn],
      });
    }
  }
}
