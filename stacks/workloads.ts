import type { Construct } from "constructs";
import { type KubernetesObject, logGroupsOf, platformEndpoints, podIdentities } from "../charts";
import { Alarms, AlertTopic, AuditDelivery, auditAlarms, Bucket, LogGroup, PodRole } from "../constructs";
import type { Environment, Region } from "../environments";
import { clusterContract, dataContract, globalContract } from "./contract";
import { connectKubernetes } from "./kubernetes-access";
import { deployManifests } from "./manifest-resources";
import { PlatformStack } from "./platform-stack";
import { rightsFor } from "./pod-rights";

/**
 * What runs in the cluster: the very objects that `cdk8s synth` prints, the AWS rights of their pods, and the one
 * ConfigMap that tells them where the region's database, cache and brokers are.
 */
export class WorkloadsStack extends PlatformStack {
  constructor(scope: Construct, environment: Environment, region: Region, manifests: readonly KubernetesObject[]) {
    super(scope, { environment, region: region.name, layer: "workloads" });
    const { names } = this;
    const cluster = clusterContract.read(this, names);
    const data = dataContract.read(this, names);
    connectKubernetes(this, cluster, region.name);
    const endpoints = platformEndpoints({
      databaseEndpoint: data.databaseEndpoint,
      databaseName: data.databaseName,
      cacheEndpoint: data.cacheEndpoint,
      kafkaBrokers: data.kafkaBrokers,
      backupBucket: Bucket.nameOf(names, environment.accountId, "backup"),
      region: region.name,
      regionRole: region.role,
    });
    const { keyArn } = globalContract.read(this, names);
    for (const { stream, name, retentionDays } of logGroupsOf(environment, names)) {
      const group = new LogGroup(this, `log-${stream}`, { name, retentionDays, keyArn });
      if (stream === "transactions") this.archive(environment, group, keyArn);
    }
    const rights = this.grantPods(environment, region, cluster.name, keyArn);
    deployManifests(this, [...manifests, endpoints], rights);
  }

  /** Who did what goes into the audit bucket as well, where its lock keeps it as long as the regulator asks. */
  private archive(environment: Environment, group: LogGroup, keyArn: string): void {
    const { names } = this;
    const { accountId, logging } = environment;
    const { streamName } = new AuditDelivery(this, "audit", {
      names,
      accountId,
      logGroupName: group.name,
      folder: "transactions",
      keyArn,
      logRetentionDays: logging.systemRetentionDays,
    });
    new Alarms(this, "alarms", {
      names,
      topicArn: AlertTopic.arnOf(names, accountId),
      alarms: auditAlarms(streamName, group.name),
    });
  }

  private grantPods(environment: Environment, region: Region, clusterName: string, keyArn: string) {
    const { names } = this;
    const site = { names, accountId: environment.accountId, keyArn };
    return podIdentities(environment, region.name).map(({ namespace, serviceAccount, needs }) => {
      const statements = needs.flatMap((need) => rightsFor(need, site));
      const role = new PodRole(this, `${serviceAccount}-rights`, {
        names,
        clusterName,
        namespace,
        serviceAccount,
        statements,
      });
      return role.association;
    });
  }
}
