import { requires } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { anEnvironment } from "../../environments/testing";
import { RehearsedPlatform, summaryOf } from "./rehearsed-platform";

jest.setTimeout(600_000);

const { development } = environmentInputs;
const NETWORK = "development-eu-west-1-network";
const DATA = "development-eu-west-1-data";
const CLUSTER = "development-eu-west-1-cluster";

requires("terraform")("development, deployed by the real Terraform", () => {
  let platform: RehearsedPlatform;
  let tree: string;
  beforeAll(async () => {
    platform = await RehearsedPlatform.start();
    tree = platform.synthesize({ development });
  });
  afterAll(() => platform?.stop());

  it("goes on where a failed call stopped it", async () => {
    platform.cloud.fail("aws_eks_node_group.create");
    const first = await platform.deploy(tree);
    expect(first.succeeded).toBe(false);
    expect(first.errors.join("\n")).toContain("EKS Node Group");
    const second = await platform.deploy(tree);
    expect(summaryOf(second)).toMatchObject({ succeeded: true, errors: [], destroyed: 0 });
    expect(platform.cloud.objects({ type: "aws_eks_node_group" })).toHaveLength(3);
  });

  it("changes nothing when it is deployed again", async () => {
    expect(summaryOf(await platform.deploy(tree))).toEqual({
      succeeded: true,
      errors: [],
      added: 0,
      changed: 0,
      destroyed: 0,
    });
  });

  it("would replace the network and all that is in it for another address range", async () => {
    const moved = platform.synthesize({
      development: anEnvironment("development", (draft) => {
        draft.regions[0]!.cidr = "10.44.0.0/16";
      }),
    });
    const planned = await platform.planned(moved, NETWORK);
    const replaced = new Set(planned.filter((line) => /delete,create|create,delete/.test(line)).map(typeOf));
    // The load balancer goes to other subnets in place: the provider only replaces it for subnets that it knows to go.
    for (const type of ["aws_vpc", "aws_subnet", "aws_security_group", "aws_lb_target_group", "aws_nat_gateway"]) {
      expect(replaced).toContain(type);
    }
    expect(replaced).not.toContain("aws_lb");
  });

  it("would change tags in place", async () => {
    const handedOver = platform.synthesize({
      development: anEnvironment("development", (draft) => {
        draft.owner = "market-making";
      }),
    });
    const planned = await platform.planned(handedOver, NETWORK);
    expect(planned.length).toBeGreaterThan(20);
    expect(planned.filter((line) => !line.endsWith(": update"))).toEqual([]);
  });

  it("refuses to destroy a database that is protected from deletion, as AWS does", async () => {
    const guarded = platform.synthesize({
      development: anEnvironment("development", (draft) => {
        draft.database.deletionProtection = true;
      }),
    });
    expect((await platform.deploy(guarded, DATA)).succeeded).toBe(true);
    // The plan no longer protects it, AWS still does.
    const refused = await platform.destroy(tree, "development-eu-west-1-workloads", DATA);
    expect(refused.succeeded).toBe(false);
    expect(refused.errors.join("\n")).toMatch(/Cannot delete protected DB Instance/i);
    expect(platform.cloud.objects({ type: "aws_db_instance" })).toHaveLength(1);
    expect((await platform.deploy(tree, DATA, "development-eu-west-1-workloads")).succeeded).toBe(true);
  });

  it("repairs what was changed behind its back, and says what", async () => {
    platform.cloud.drift({ type: "aws_eks_node_group" }, { version: "1.33" });
    const planned = await platform.planned(tree, CLUSTER);
    expect(planned.map(typeOf)).toEqual(["aws_eks_node_group", "aws_eks_node_group", "aws_eks_node_group"]);
    expect((await platform.deploy(tree, CLUSTER)).succeeded).toBe(true);
  });

  it("leaves nothing behind when it is destroyed", async () => {
    const destroyed = await platform.destroy(tree);
    expect(destroyed.errors).toEqual([]);
    expect(platform.cloud.objects()).toEqual([]);
  });
});

const typeOf = (line: string): string => line.split(".")[0]!;
