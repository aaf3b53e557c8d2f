import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Names } from "../../vocabulary";
import { ClusterAddons } from "../cluster/cluster-addons";
import { NodePool } from "../cluster/node-pool";
import { Synthesized } from "../testing/synthesized";
import { defaultTags } from "./default-tags";

const names = new Names("production", "eu-west-1");
const TAGS = { environment: "production", owner: "trading-platform", "cost-centre": "trading" };

const nodes = Synthesized.of((scope) => {
  new AwsProvider(scope, "aws", { region: "eu-west-1", defaultTags: [{ tags: TAGS }] });
  const pool = new NodePool(scope, "pool", {
    names,
    pool: "general",
    clusterName: "hft",
    version: "1.35",
    nodeRole: { arn: "arn:role", rights: [] },
    subnetIds: ["subnet-a"],
    instanceTypes: ["m7i.large"],
    capacity: "on-demand",
    minNodes: 1,
    maxNodes: 4,
    diskGiB: 80,
    keyArn: "arn:key",
  });
  new ClusterAddons(scope, "addons", {
    names,
    clusterName: "hft",
    version: "1.35",
    keyArn: "arn:key",
    nodes: pool.nodes,
  });
});

describe("default tags", () => {
  it("reach the instances and disks that AWS makes from a launch template", () => {
    expect(nodes.the("aws_launch_template").tag_specifications).toEqual(
      ["instance", "volume"].map((resource_type) => ({
        resource_type,
        tags: { ...TAGS, Name: "hft-production-eu-west-1-general-node" },
      })),
    );
  });

  it("reach the volumes that pods claim", () => {
    const driver = nodes.all("aws_eks_addon").find(({ addon_name }) => addon_name === "aws-ebs-csi-driver")!;
    expect(JSON.parse(String(driver.configuration_values)).controller.extraVolumeTags).toEqual(TAGS);
  });

  it("are none where the provider has none", () => {
    Synthesized.of((scope) => expect(defaultTags(scope)).toEqual({}));
  });
});
