import { Names } from "../../vocabulary";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { type AlarmDefinition, Alarms } from "./alarms";
import { AlertTopic } from "./alert-topic";
import { Budget } from "./budget";
import { cacheAlarms } from "./cache-alarms";
import { databaseAlarms } from "./database-alarms";
import { LogGroup } from "./log-group";
import { originAlarms } from "./origin-alarms";
import { backupAlarms, bucketReplicationAlarms, restoreAlarms } from "./recovery-alarms";
import { streamingAlarms, streamReplicationAlarms } from "./streaming-alarms";

const names = new Names("production", "eu-west-1");
const RPO_SECONDS = 60;

const DEFINITIONS: Record<string, AlarmDefinition[]> = {
  database: databaseAlarms({ identifier: "orders", storageGiB: 500, replicaRpoSeconds: RPO_SECONDS }),
  cache: cacheAlarms({ cacheId: "cache", nodes: 3 }),
  streaming: streamingAlarms({ clusterName: "streaming", brokers: 3 }),
  "stream replication": streamReplicationAlarms("from-active", RPO_SECONDS),
  origin: originAlarms({ loadBalancerArnSuffix: "net/origin/1", targetGroupArnSuffix: "targetgroup/origin/1" }),
  backups: backupAlarms("backups"),
  restores: restoreAlarms("validate-restore"),
  "bucket replication": bucketReplicationAlarms("audit", "audit-west", "audit-central", "to-eu-central-1"),
};
const ALL = Object.values(DEFINITIONS).flat();
const named = (name: string) => ALL.find((alarm) => alarm.name === name)!;

describe("alarms", () => {
  it.each(Object.entries(DEFINITIONS))("of %s say what is wrong in a sentence of their own", (_, alarms) => {
    expect(alarms.length).toBeGreaterThan(0);
    for (const { description } of alarms) expect(description).toMatch(/^\S.{30,}\.$/);
  });

  it("have names that no two share, or one would overwrite the other", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  it("are evaluated over no more than a day, which is all that CloudWatch takes", () => {
    for (const { periodSeconds, periods } of ALL) {
      expect(periodSeconds % 60).toBe(0);
      expect(periodSeconds * periods).toBeLessThanOrEqual(86_400);
    }
  });

  it("watch every node and every broker", () => {
    const nodes = DEFINITIONS.cache!.map(({ dimensions }) => dimensions.CacheClusterId);
    expect(new Set(nodes)).toEqual(new Set(["cache-001", "cache-002", "cache-003"]));
    const brokers = DEFINITIONS.streaming!.map(({ dimensions }) => dimensions["Broker ID"]).filter(Boolean);
    expect(new Set(brokers)).toEqual(new Set(["1", "2", "3"]));
  });

  it("hold replication against the recovery point objective, each in the metric's own unit", () => {
    expect(named("database-replica-lags")).toMatchObject({ metric: "ReplicaLag", threshold: RPO_SECONDS });
    expect(named("stream-replication-lags")).toMatchObject({ metric: "ReplicationLatency", threshold: 60_000 });
    expect(named("audit-replication-lags")).toMatchObject({ metric: "ReplicationLatency", threshold: 15 * 60 });
  });

  it("ask nothing of a replica that there is not", () => {
    const primary = databaseAlarms({ identifier: "orders", storageGiB: 500 });
    expect(primary.map(({ name }) => name)).not.toContain("database-replica-lags");
  });

  it("ring before the disk is full and the CPU is busy", () => {
    expect(named("database-storage-low")).toMatchObject({ comparison: "<", threshold: 50 * 1024 ** 3 });
    expect(named("database-cpu-high")).toMatchObject({ comparison: ">", threshold: 80 });
  });

  it("take silence for an alarm where only a dead service is silent", () => {
    const silent = ALL.filter(({ silence }) => silence === "alarm").map(({ name }) => name);
    expect(silent).toEqual(
      expect.arrayContaining([
        "database-cpu-high",
        "database-replica-lags",
        "streaming-controller-lost",
        "origin-without-gateways",
        "backup-late",
      ]),
    );
    expect(silent).not.toContain("backup-failed");
  });

  it("tell the topic of the alarm and of its end", () => {
    const alarms = Synthesized.of((scope) => {
      new Alarms(scope, "alarms", { names, topicArn: "arn:topic", alarms: [named("backup-late")] });
    });
    expect(alarms.the("aws_cloudwatch_metric_alarm")).toMatchObject({
      alarm_name: "hft-production-eu-west-1-backup-late",
      alarm_actions: ["arn:topic"],
      ok_actions: ["arn:topic"],
      comparison_operator: "LessThanThreshold",
      treat_missing_data: "breaching",
      period: 21_600,
      evaluation_periods: 2,
    });
  });
});

describe("AlertTopic", () => {
  const topic = Synthesized.of((scope) => {
    new AlertTopic(scope, "alerts", {
      names,
      accountId: "333333333333",
      keyArn: "arn:key",
      emails: ["on-call@example.com", "desk@example.com"],
    });
  });

  it("is encrypted and takes messages from this account's alarms alone", () => {
    expect(topic.the("aws_sns_topic")).toMatchObject({ kms_master_key_id: "arn:key" });
    expect(statementsOf(topic.the("aws_sns_topic_policy").policy)).toEqual([
      expect.objectContaining({
        Action: ["sns:Publish"],
        Principal: { Service: ["cloudwatch.amazonaws.com"] },
        Condition: { StringEquals: { "aws:SourceAccount": "333333333333" } },
      }),
    ]);
  });

  it("tells everybody who is named", () => {
    const told = topic.all("aws_sns_topic_subscription").map(({ endpoint }) => endpoint);
    expect(told).toEqual(["on-call@example.com", "desk@example.com"]);
  });
});

describe("Budget", () => {
  it("tells when most is spent, when all is, and when it will be", () => {
    const budget = Synthesized.of((scope) => {
      new Budget(scope, "budget", { names, monthlyUsd: 60_000, emails: ["costs@example.com"] });
    }).the("aws_budgets_budget");
    expect(budget).toMatchObject({ limit_amount: "60000", limit_unit: "USD", time_unit: "MONTHLY" });
    expect(budget.notification).toEqual([
      expect.objectContaining({ notification_type: "ACTUAL", threshold: 80 }),
      expect.objectContaining({ notification_type: "ACTUAL", threshold: 100 }),
      expect.objectContaining({ notification_type: "FORECASTED", threshold: 100 }),
    ]);
  });
});

describe("LogGroup", () => {
  const group = (retentionDays: number) =>
    Synthesized.of((scope) => {
      new LogGroup(scope, "logs", { name: "/hft/production", retentionDays, keyArn: "arn:key" });
    });

  it("has an end and a key", () => {
    expect(group(365).the("aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 365, kms_key_id: "arn:key" });
  });

  it("names the next retention that CloudWatch knows when it is given another", () => {
    expect(() => group(2555)).toThrow("CloudWatch cannot keep /hft/production for 2555 days; write 2557");
    expect(() => group(9999)).toThrow("write 3653");
  });
});
