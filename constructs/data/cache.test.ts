import { cacheIdOf, Names } from "../../vocabulary";
import { Peer } from "../security/firewall";
import { Synthesized } from "../testing/synthesized";
import { Cache, type CacheProps } from "./cache";
import { CacheUsers } from "./cache-users";

const west = new Names("production", "eu-west-1");
const central = west.in("eu-central-1");
const props: CacheProps = {
  names: west,
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  keyArn: "arn:key-west",
  engineVersion: "8.1",
  nodeType: "cache.r7g.xlarge",
  replicas: 2,
  snapshotRetentionDays: 7,
  logRetentionDays: 365,
  protect: true,
};
const cache = (changes: Partial<CacheProps> = {}) =>
  Synthesized.of((scope) => {
    new Cache(scope, "cache", { ...props, ...changes }).allowFrom(Peer.group("nodes", "sg-nodes"));
  });
const group = (changes: Partial<CacheProps> = {}) => cache(changes).the("aws_elasticache_replication_group");
const GLOBAL = { homeRegion: "eu-west-1" };

describe("Cache", () => {
  it("is Valkey, encrypted at rest, and speaks nothing but TLS", () => {
    expect(group()).toMatchObject({
      engine: "valkey",
      at_rest_encryption_enabled: "true",
      kms_key_id: "arn:key-west",
      transit_encryption_enabled: true,
      transit_encryption_mode: "required",
    });
  });

  it("survives the loss of a zone when it has replicas", () => {
    expect(group()).toMatchObject({ num_cache_clusters: 3, automatic_failover_enabled: true, multi_az_enabled: true });
    expect(group({ replicas: 0 })).toMatchObject({
      num_cache_clusters: 1,
      automatic_failover_enabled: false,
      multi_az_enabled: false,
    });
  });

  it("keeps snapshots, takes a last one, and is not destroyed by a plan", () => {
    expect(group()).toMatchObject({
      snapshot_retention_limit: 7,
      final_snapshot_identifier: "hft-production-eu-west-1-cache-final",
      lifecycle: { prevent_destroy: true },
    });
    expect(group({ protect: false })).not.toHaveProperty("final_snapshot_identifier");
  });

  it("knows its users by their IAM roles: nobody has a password, nobody may administer", () => {
    for (const user of cache().all("aws_elasticache_user")) {
      expect(user).toMatchObject({ authentication_mode: { type: "iam" } });
      expect(user.user_name).toBe(user.user_id);
      expect(user.access_string).toMatch(/-@all/);
      expect(user.access_string).not.toMatch(/\+@(all|admin|dangerous|scripting)/);
    }
    expect(cache().text()).not.toContain("auth_token");
  });

  it("gives a pod the right to connect as one user", () => {
    expect(CacheUsers.rightToConnect(west, "333333333333", cacheIdOf(west), "engine")).toEqual({
      Effect: "Allow",
      Action: ["elasticache:Connect"],
      Resource: [
        "arn:aws:elasticache:eu-west-1:333333333333:replicationgroup:hft-production-eu-west-1-cache",
        "arn:aws:elasticache:eu-west-1:333333333333:user:hft-production-eu-west-1-engine",
      ],
    });
  });

  it("lets in whom it is told to, on its own port", () => {
    expect(cache().the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      from_port: 6379,
      referenced_security_group_id: "sg-nodes",
    });
  });
});

describe("a Cache in a global datastore", () => {
  const joined = () => cache({ names: central, globalDatastore: GLOBAL });

  it("is founded in the home region", () => {
    const founded = cache({ globalDatastore: GLOBAL });
    expect(founded.the("aws_elasticache_global_replication_group")).toMatchObject({
      global_replication_group_id_suffix: "hft-production-eu-west-1-cache",
      lifecycle: { prevent_destroy: true, ignore_changes: ["primary_replication_group_id"] },
    });
  });

  it("is joined by the other region, which finds it without reading the home region", () => {
    expect(joined().the("aws_elasticache_replication_group").global_replication_group_id).toBe(
      "gxeiz-hft-production-eu-west-1-cache",
    );
    expect(joined().types()).not.toContain("aws_elasticache_global_replication_group");
  });

  it("leaves to the datastore what ElastiCache refuses from a member", () => {
    for (const argument of [
      "engine",
      "engine_version",
      "node_type",
      "parameter_group_name",
      "at_rest_encryption_enabled",
    ]) {
      expect(joined().the("aws_elasticache_replication_group")).not.toHaveProperty(argument);
    }
  });

  it("is not replaced after a promotion by API", () => {
    expect(joined().the("aws_elasticache_replication_group").lifecycle).toEqual({
      ignore_changes: ["global_replication_group_id", "engine_version", "parameter_group_name"],
      prevent_destroy: true,
    });
  });

  it("says where a datastore can be when it cannot be in a region", () => {
    expect(() => cache({ names: central, globalDatastore: { homeRegion: "af-south-1" } })).toThrow(
      /no global datastore in af-south-1; choose one of .*eu-west-1/,
    );
  });
});
