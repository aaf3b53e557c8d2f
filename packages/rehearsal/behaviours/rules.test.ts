import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Cloud } from "../cloud/cloud";
import { Dynamic, type ValueObject } from "../protocol/value";
import { ASimulatedProvider } from "../sample/a-simulated-provider";

const POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] });

describe("the simulated services", () => {
  let directory: string;
  let aws: ASimulatedProvider;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "cloud-"));
    aws = new ASimulatedProvider(Cloud.open(directory));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const vpc = () => aws.create("aws_vpc", { cidr_block: "10.0.0.0/16" });
  const subnet = (of: ValueObject, range: string) =>
    aws.create("aws_subnet", { vpc_id: of.id!, cidr_block: range, availability_zone: "eu-west-1a" });
  const role = (name: string) => aws.create("aws_iam_role", { name, assume_role_policy: POLICY });

  describe("names", () => {
    it("are taken once: in a region, in an account, in the world", () => {
      aws.create("aws_db_parameter_group", { name: "orders", family: "postgres16" });
      expect(() => aws.create("aws_db_parameter_group", { name: "orders", family: "postgres16" })).toThrow(
        "Parameter group orders already exists",
      );
      aws.in("eu-central-1").create("aws_db_parameter_group", { name: "orders", family: "postgres16" });
      role("engine");
      expect(() =>
        aws.in("eu-central-1").create("aws_iam_role", { name: "engine", assume_role_policy: POLICY }),
      ).toThrow("Role with name engine already exists");
      aws.create("aws_s3_bucket", { bucket: "hft-audit" });
      expect(() => aws.of("333333333333").create("aws_s3_bucket", { bucket: "hft-audit" })).toThrow(
        "bucket name hft-audit is not available",
      );
    });

    it("may stay when their own object changes", () => {
      const bucket = aws.create("aws_s3_bucket", { bucket: "hft-audit" });
      const changed = aws.update("aws_s3_bucket", { bucket: "hft-audit", force_destroy: true }, bucket);
      expect(changed).toMatchObject({ id: "hft-audit", force_destroy: true });
    });

    it("are no longer than the service allows", () => {
      expect(() => role("r".repeat(65))).toThrow("length less than or equal to 64");
      expect(() => aws.create("aws_s3_bucket", { bucket: "Upper_Case" })).toThrow("bucket is not valid");
    });
  });

  describe("peering of networks", () => {
    const far = (range: string) => aws.in("eu-central-1").create("aws_vpc", { cidr_block: range });
    const peer = (with_: ValueObject) =>
      aws.create("aws_vpc_peering_connection", {
        vpc_id: vpc().id!,
        peer_vpc_id: with_.id!,
        peer_region: "eu-central-1",
      });

    it("joins two regions, and is one connection for both", () => {
      const connection = peer(far("10.1.0.0/16"));
      const accepted = aws.in("eu-central-1").create("aws_vpc_peering_connection_accepter", {
        vpc_peering_connection_id: connection.id!,
        auto_accept: true,
      });
      expect(accepted).toMatchObject({ id: connection.id, accept_status: "active" });
    });

    it("is refused where ranges overlap, and cannot be accepted where it was not asked for", () => {
      expect(() => peer(far("10.0.128.0/17"))).toThrow("overlapping CIDR blocks");
      expect(() =>
        aws.create("aws_vpc_peering_connection_accepter", { vpc_peering_connection_id: "pcx-0", auto_accept: true }),
      ).toThrow("The vpcPeeringConnection ID 'pcx-0' does not exist");
    });
  });

  describe("references", () => {
    it("must name what exists", () => {
      expect(() => subnet({ id: "vpc-0" }, "10.0.1.0/24")).toThrow("The vpc ID 'vpc-0' does not exist");
      expect(() =>
        aws.create("aws_iam_role_policy_attachment", {
          role: "nobody",
          policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
        }),
      ).toThrow("The role with name nobody cannot be found.");
    });

    it("reach what AWS itself brings", () => {
      role("engine");
      const attachment = { role: "engine", policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" };
      expect(aws.create("aws_iam_role_policy_attachment", attachment)).toMatchObject({
        id: "engine/arn:aws:iam::aws:policy/ReadOnlyAccess",
      });
    });

    it("hold what they name", () => {
      const network = vpc();
      const inside = subnet(network, "10.0.1.0/24");
      expect(() => aws.remove("aws_vpc", network)).toThrow(
        /has dependencies and cannot be deleted.*used by aws_subnet/,
      );
      aws.remove("aws_subnet", inside);
      aws.remove("aws_vpc", network);
      expect(aws.cloud.list()).toEqual([]);
    });
  });

  describe("a network", () => {
    it("has ranges that fit and do not overlap", () => {
      const network = vpc();
      subnet(network, "10.0.0.0/20");
      expect(() => subnet(network, "10.0.8.0/24")).toThrow("'10.0.8.0/24' conflicts with another subnet");
      expect(() => subnet(network, "10.9.0.0/24")).toThrow("'10.9.0.0/24' is invalid for 10.0.0.0/16");
      expect(() => aws.create("aws_vpc", { cidr_block: "10.0.0.0/8" })).toThrow("prefix of /16 to /28");
    });
  });

  describe("a database", () => {
    const database = (identifier: string, more: ValueObject = {}) => ({
      identifier,
      instance_class: "db.t4g.micro",
      engine: "postgres",
      skip_final_snapshot: true,
      backup_retention_period: 7,
      ...more,
    });

    it("refuses deletion when protected, or without a final snapshot", () => {
      const guarded = aws.create("aws_db_instance", database("orders", { deletion_protection: true }));
      expect(() => aws.remove("aws_db_instance", guarded)).toThrow("Cannot delete protected DB Instance");
      const opened = aws.update("aws_db_instance", database("orders", { skip_final_snapshot: false }), guarded);
      expect(() => aws.remove("aws_db_instance", opened)).toThrow("final_snapshot_identifier is required");
    });

    it("is followed across regions, promoted in place, and never follows again", () => {
      const source = aws.create("aws_db_instance", database("orders"));
      const standby = aws.in("eu-central-1");
      const following = { ...database("standby"), replicate_source_db: source.arn!, engine: null };
      const replica = standby.create("aws_db_instance", following);
      expect(replica).toMatchObject({ engine: "postgres" });
      aws.cloud.loseRegion("eu-west-1");
      const both = { ...following, replicate_source_db: null, backup_retention_period: 14 };
      expect(() => standby.update("aws_db_instance", both, replica)).toThrow(
        "change its backup retention in a second apply",
      );
      const promoted = standby.update("aws_db_instance", { ...following, replicate_source_db: null }, replica);
      expect(promoted.arn).toBe(replica.arn);
      aws.cloud.restoreRegion("eu-west-1");
      expect(() => standby.update("aws_db_instance", following, promoted)).toThrow("cannot become a replica again");
    });

    it("cannot be copied out of a region that is lost", () => {
      const source = aws.create("aws_db_instance", database("orders"));
      aws.cloud.loseRegion("eu-west-1");
      expect(() =>
        aws.in("eu-central-1").create("aws_db_instance", database("standby", { replicate_source_db: source.arn! })),
      ).toThrow("eu-west-1 is lost");
    });
  });

  describe("a bucket", () => {
    it("goes only empty, unless it may be emptied", () => {
      const bucket = aws.create("aws_s3_bucket", { bucket: "hft-states" });
      aws.cloud.contents.put("hft-states", "network.tfstate", Buffer.from("{}"));
      expect(() => aws.remove("aws_s3_bucket", bucket)).toThrow("is not empty");
      const disposable = aws.update("aws_s3_bucket", { bucket: "hft-states", force_destroy: true }, bucket);
      aws.remove("aws_s3_bucket", disposable);
      expect(aws.cloud.contents.keys("hft-states")).toEqual([]);
    });

    it("is replicated only with versions", () => {
      aws.create("aws_s3_bucket", { bucket: "hft-from" });
      const target = aws.in("eu-central-1").create("aws_s3_bucket", { bucket: "hft-to" });
      const replication = {
        bucket: "hft-from",
        role: role("replication").arn!,
        rule: [{ status: "Enabled", destination: [{ bucket: target.arn! }] }],
      };
      expect(() => aws.create("aws_s3_bucket_replication_configuration", replication)).toThrow(
        "Versioning must be 'Enabled'",
      );
      aws.create("aws_s3_bucket_versioning", { bucket: "hft-from", versioning_configuration: [{ status: "Enabled" }] });
      expect(aws.create("aws_s3_bucket_replication_configuration", replication)).toMatchObject({ id: "hft-from" });
    });
  });

  describe("a cluster", () => {
    const cluster = (services?: string) => {
      const network = vpc();
      const inside = subnet(network, "10.0.1.0/24");
      return aws.create("aws_eks_cluster", {
        name: "hft",
        role_arn: role("hft-cluster").arn!,
        vpc_config: [{ subnet_ids: [inside.id!] }],
        kubernetes_network_config: services === undefined ? [] : [{ service_ipv4_cidr: services }],
      });
    };
    const nodes = (min: number, desired: number, max: number) => ({
      cluster_name: "hft",
      node_group_name: "general",
      node_role_arn: "arn:aws:iam::222222222222:role/hft-node",
      subnet_ids: [aws.cloud.list({ type: "aws_subnet" })[0]!.id],
      scaling_config: [{ min_size: min, desired_size: desired, max_size: max }],
    });
    const manifest = (kind: string, apiVersion: string, name: string, namespace?: string) => {
      const value = { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
      return { manifest: new Dynamic("dynamic", value) };
    };

    it("knows the VPC of its subnets, and has a security group of its own", () => {
      const [network] = cluster().vpc_config as readonly ValueObject[];
      const [only] = aws.cloud.list({ type: "aws_vpc" });
      expect(network!.vpc_id).toBe(only!.id);
      expect(aws.cloud.list({ type: "aws_security_group" })).toMatchObject([
        { id: network!.cluster_security_group_id },
      ]);
    });

    // Sources: terraform-provider-aws internal/service/eks/validate.go at 18fc80b; EKS API model of botocore 1.44.8.
    it.each([
      ["100.64.0.0/16", "must be within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16"],
      ["172.15.0.0/16", "must be within 10.0.0.0/8, 172.16.0.0/12, or 192.168.0.0/16"],
      ["10.0.0.0/11", "must be between /24 and /12"],
      ["172.20.0.0/25", "must be between /24 and /12"],
      ["10.0.128.0/17", "overlaps the CIDR 10.0.0.0/16 of the VPC"],
    ])("refuses the range %s for Services", (range, reason) => {
      expect(() => cluster(range)).toThrow(reason);
    });

    it.each(["172.20.0.0/16", "192.168.0.0/24", "10.16.0.0/12"])("takes the range %s for Services", (range) => {
      expect(cluster(range)).toMatchObject({ name: "hft" });
    });

    // Source: terraform-aws-modules/terraform-aws-eks issues 3306 and 3521, which cite the API's answer.
    it("refuses a minimum of nodes above the desired number, and a maximum below it", () => {
      cluster();
      role("hft-node");
      const made = aws.create("aws_eks_node_group", nodes(1, 1, 4));
      expect(() => aws.update("aws_eks_node_group", nodes(3, 1, 4), made)).toThrow(
        "Minimum capacity 3 can't be greater than desired size 1",
      );
      expect(() => aws.update("aws_eks_node_group", nodes(0, 5, 4), made)).toThrow(
        "desired capacity 5 can't be greater than max size 4",
      );
    });

    it("takes objects into namespaces that exist, once", () => {
      const kubernetes = aws.of(cluster().endpoint as string);
      const settings = manifest("ConfigMap", "v1", "settings", "trading");
      expect(() => kubernetes.create("kubernetes_manifest", settings)).toThrow('namespaces "trading" not found');
      kubernetes.create("kubernetes_manifest", manifest("Namespace", "v1", "trading"));
      kubernetes.create("kubernetes_manifest", settings);
      expect(() => kubernetes.create("kubernetes_manifest", settings)).toThrow("already exists");
    });

    it("takes nothing when it is not there, and everything in it goes with it", () => {
      const made = cluster();
      const kubernetes = aws.of(made.endpoint as string);
      kubernetes.create("kubernetes_manifest", manifest("Namespace", "v1", "trading"));
      aws.remove("aws_eks_cluster", made);
      expect(aws.cloud.list({ type: "kubernetes_manifest" })).toEqual([]);
      expect(() => kubernetes.create("kubernetes_manifest", manifest("Namespace", "v1", "trading"))).toThrow(
        "no such host",
      );
    });

    it("keeps its node groups as long as it stands", () => {
      const made = cluster();
      role("hft-node");
      aws.create("aws_eks_node_group", nodes(1, 1, 1));
      expect(() => aws.remove("aws_eks_cluster", made)).toThrow("Cluster has nodegroups attached");
    });
  });
});
