import { requires } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { RehearsedPlatform, summaryOf } from "./rehearsed-platform";

jest.setTimeout(900_000);

const { production } = environmentInputs;

requires("terraform")("production over two regions, deployed by the real Terraform", () => {
  let platform: RehearsedPlatform;
  let tree: string;
  beforeAll(async () => {
    platform = await RehearsedPlatform.start();
    tree = platform.synthesize({ production });
  });
  afterAll(() => platform?.stop());

  it("stands in both regions, and a second deploy changes nothing", async () => {
    expect(summaryOf(await platform.deploy(tree))).toMatchObject({ succeeded: true, errors: [] });
    expect(summaryOf(await platform.deploy(tree))).toEqual({
      succeeded: true,
      errors: [],
      added: 0,
      changed: 0,
      destroyed: 0,
    });
    for (const type of ["aws_eks_cluster", "aws_db_instance", "aws_msk_cluster", "aws_elasticache_replication_group"]) {
      expect(platform.cloud.objects({ type }).map(({ region }) => region)).toEqual(
        expect.arrayContaining(["eu-west-1", "eu-central-1"]),
      );
    }
  });

  it("fails over by one line: the replica is promoted in place and the pools change their order, nothing else of value", async () => {
    const failedOver = platform.synthesize({
      production: anEnvironment("production", (draft) => {
        draft.activeRegion = "eu-central-1";
      }),
    });
    const data = await platform.planned(failedOver, "production-eu-central-1-data");
    expect(data).toContain("aws_db_instance.database_orders: update");
    // What only a replica has goes: the copy of its primary's backups, and the alarm on its lag.
    expect(data.filter((line) => line.includes("delete")).map((line) => line.split(".")[0])).toEqual([
      "aws_cloudwatch_metric_alarm",
      "aws_db_instance_automated_backups_replication",
    ]);
    expect(await platform.planned(failedOver, "production-edge")).toEqual([
      "cloudflare_load_balancer.edge_load_balancer: update",
    ]);
  });

  it("plans every stack of one region while the other is gone", async () => {
    platform.cloud.loseRegion("eu-west-1");
    for (const layer of ["network", "cluster", "data", "addons", "workloads"]) {
      expect(await platform.planned(tree, `production-eu-central-1-${layer}`)).toEqual([]);
    }
    expect(await platform.planned(tree, "production-edge")).toEqual([]);
    platform.cloud.restoreRegion("eu-west-1");
  });

  it("refuses to be destroyed while it lives, and leaves nothing behind once it is retired", async () => {
    const refused = await platform.destroy(tree, "production-eu-west-1-data");
    expect(refused.succeeded).toBe(false);
    expect(refused.errors.join("\n")).toContain("prevent_destroy");
    const retiring = platform.synthesize({
      production: anEnvironment("production", (draft) => {
        draft.lifecycle = "retiring";
      }),
    });
    expect(summaryOf(await platform.deploy(retiring))).toMatchObject({ succeeded: true, errors: [] });
    expect((await platform.destroy(retiring)).errors).toEqual([]);
    expect(platform.cloud.objects()).toEqual([]);
  });
});
