import type { Construct } from "constructs";
import { Alarms, AlertTopic, RegionPeering, StreamReplication, streamReplicationAlarms } from "../constructs";
import type { Environment, Region } from "../environments";
import { globalContract, networkContract } from "./contract";
import { PlatformStack } from "./platform-stack";

/** Consumers whose place in a topic is carried over, so that they go on in the standby region where they stopped. */
const CONSUMER_GROUPS = ["engine.*"];

/** The private tables, one a zone, and the one of the database subnets. */
const internalRouteTables = ({ zones }: Region): number => zones.length + 1;

/**
 * What joins the two regions: the way on which engines ship their journals, and the copy of streams from the active
 * region to the standby. The one stack that needs both regions at once: a failover leaves it alone, and turns the
 * streams round when the lost region is back. The peering stands as it is all the time.
 */
export class ReplicationStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, standby: Region) {
    super(scope, { environment, layer: "replication", providerRegion: standby.name });
    const names = this.names.in(standby.name);
    const [requester, accepter] = environment.regions.map((region) => this.network(region));
    new RegionPeering(this, "peering", { requester: requester!, accepter: accepter! });
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

  private network(region: Region) {
    const names = this.names.in(region.name);
    const { vpcId, internalRouteTableIds } = networkContract.readIn(this, names);
    const routeTables = internalRouteTables(region);
    return { names, vpcId, cidr: region.cidr, routeTableIds: internalRouteTableIds, routeTables };
  }
}
