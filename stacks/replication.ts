import type { Construct } from "constructs";
import { Alarms, AlertTopic, StreamReplication, streamReplicationAlarms } from "../constructs";
import type { Environment, Region } from "../environments";
import { globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/** Consumers whose place in a topic is carried over, so that they go on in the standby region where they stopped. */
const CONSUMER_GROUPS = ["engine.*"];

/**
 * Copies streams from the active region to the standby. The one stack that needs both regions at once: a failover leaves it
 * alone, and turns it round when the lost region is back.
 */
export class ReplicationStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, standby: Region) {
    super(scope, { environment, layer: "replication", providerRegion: standby.name });
    const names = this.names.in(standby.name);
    const { vpcId } = networkContract.read(this, names);
    const { keyArn } = globalContract.read(this, names);
    const replication = new StreamReplication(this, "streams", {
      names,
      accountId: environment.accountId,
      sourceRegion: environment.activeRegion,
      vpcId,
      topics: environment.streaming.topics.map(({ name }) => name),
      consumerGroups: CONSUMER_GROUPS,
    });
    const topic = new AlertTopic(this, "alerts", {
      names: this.names,
      accountId: environment.accountId,
      keyArn,
      emails: environment.budget.alertEmails,
    });
    new Alarms(this, "alarms", {
      names,
      topicArn: topic.arn,
      alarms: streamReplicationAlarms(replication.replicatorName, environment.recovery.rpoSeconds),
    });
  }
}
