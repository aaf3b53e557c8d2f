import { Names } from "../../vocabulary";
import { Peer } from "../security/firewall";
import { Synthesized, statementsOf } from "../testing/synthesized";
import { StreamReplication } from "./stream-replication";
import { Streaming, type StreamingProps } from "./streaming";

const west = new Names("production", "eu-west-1");
const props: StreamingProps = {
  names: west,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  keyArn: "arn:key",
  kafkaVersion: "3.9.x",
  instanceType: "kafka.m7g.xlarge",
  brokers: 3,
  storageGiB: 1000,
  replicationFactor: 3,
  minInSyncReplicas: 2,
  logRetentionDays: 365,
  protect: true,
};
const streaming = (changes: Partial<StreamingProps> = {}) =>
  Synthesized.of((scope) => {
    const brokers = new Streaming(scope, "streaming", { ...props, ...changes });
    brokers.allowFrom(Peer.group("nodes", "sg-nodes"));
    brokers.allowScrapingFrom(Peer.group("nodes", "sg-nodes"));
  });
const cluster = (changes: Partial<StreamingProps> = {}) => streaming(changes).the("aws_msk_cluster");

describe("Streaming", () => {
  it("has three brokers in three zones", () => {
    expect(cluster()).toMatchObject({
      number_of_broker_nodes: 3,
      broker_node_group_info: { client_subnets: ["subnet-a", "subnet-b", "subnet-c"] },
    });
  });

  it("is encrypted at rest and between all that speak to each other", () => {
    expect(cluster()).toMatchObject({
      encryption_info: {
        encryption_at_rest_kms_key_arn: "arn:key",
        encryption_in_transit: { client_broker: "TLS", in_cluster: true },
      },
    });
  });

  it("knows clients by their IAM role, and no others", () => {
    expect(cluster()).toMatchObject({ client_authentication: { sasl: { iam: true }, unauthenticated: false } });
    expect(cluster()).toMatchObject({
      broker_node_group_info: { connectivity_info: { public_access: { type: "DISABLED" } } },
    });
  });

  it("acknowledges a record when two of three replicas have it, and loses none by electing a third", () => {
    const properties = String(streaming().the("aws_msk_configuration").server_properties).split("\n");
    expect(properties).toContain("default.replication.factor=3");
    expect(properties).toContain("min.insync.replicas=2");
    expect(properties).toContain("unclean.leader.election.enable=false");
    expect(properties).toContain("auto.create.topics.enable=false");
  });

  it("grows its storage by itself, and Terraform does not shrink it again", () => {
    expect(streaming().the("aws_appautoscaling_target")).toMatchObject({ min_capacity: 1000, max_capacity: 16384 });
    expect(cluster().lifecycle).toMatchObject({
      prevent_destroy: true,
      ignore_changes: [expect.stringContaining("volume_size")],
    });
  });

  it("lets clients in on the port of IAM, and Prometheus on the exporters'", () => {
    const ports = streaming()
      .all("aws_vpc_security_group_ingress_rule")
      .map(({ from_port, to_port }) => [from_port, to_port]);
    expect(ports).toEqual([
      [11001, 11002],
      [9098, 9098],
    ]);
  });

  it("is open to the other region's replicator only where it is copied", () => {
    const [statement] = statementsOf(streaming({ replicated: true }).the("aws_msk_cluster_policy").policy);
    expect(statement).toMatchObject({ Principal: { Service: ["kafka.amazonaws.com"] } });
    expect(cluster({ replicated: true })).toHaveProperty(
      "broker_node_group_info.connectivity_info.vpc_connectivity.client_authentication.sasl.iam",
      true,
    );
    expect(streaming().types()).not.toContain("aws_msk_cluster_policy");
  });
});

describe("StreamReplication", () => {
  const replication = Synthesized.of((scope) => {
    new StreamReplication(scope, "replication", {
      names: west.in("eu-central-1"),
      accountId: "333333333333",
      sourceRegion: "eu-west-1",
      vpcId: "vpc-central",
      topics: ["orders", "executions"],
      consumerGroups: ["engine"],
    });
  });
  const replicator = replication.the("aws_msk_replicator");

  it("copies topics under their own names, from the beginning, with their consumers' offsets", () => {
    expect(replicator.replication_info_list).toMatchObject({
      topic_replication: [
        {
          topics_to_replicate: ["orders", "executions"],
          topic_name_configuration: { type: "IDENTICAL" },
          starting_position: { type: "EARLIEST" },
        },
      ],
      consumer_group_replication: [
        { consumer_groups_to_replicate: ["engine"], synchronise_consumer_group_offsets: true },
      ],
    });
  });

  it("flows from the source's brokers to its own region's", () => {
    const [source, target] = replicator.kafka_cluster as { amazon_msk_cluster: { msk_cluster_arn: string } }[];
    expect(source!.amazon_msk_cluster.msk_cluster_arn).toContain("replication_source");
    expect(target!.amazon_msk_cluster.msk_cluster_arn).toContain("replication_target");
  });

  it("may use both clusters by their names, and no other cluster", () => {
    const resources = statementsOf(replication.the("aws_iam_role_policy").policy).flatMap(
      ({ Resource }) => Resource as string[],
    );
    expect(resources.length).toBeGreaterThan(0);
    for (const resource of resources) {
      expect(resource).toMatch(
        /^arn:aws:kafka:(eu-west-1|eu-central-1):333333333333:(cluster|topic|group)\/hft-production-\1-streaming\//,
      );
    }
  });

  it("has a role that MSK assumes for this account alone", () => {
    expect(statementsOf(replication.the("aws_iam_role").assume_role_policy)).toMatchObject([
      {
        Principal: { Service: ["kafka.amazonaws.com"] },
        Condition: { StringEquals: { "aws:SourceAccount": "333333333333" } },
      },
    ]);
  });

  it("opens the brokers to itself and to nobody else", () => {
    expect(replication.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      from_port: 9098,
      to_port: 9098,
      referenced_security_group_id: expect.stringContaining("replication_firewall"),
    });
  });
});
