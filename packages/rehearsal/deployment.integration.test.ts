import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requires } from "@hft/testing";
import { programOutput } from "@hft/toolkit";
import { type Rehearsal, startRehearsal, type TerraformPlan } from "./";
import { synthesizeSample } from "./sample/sample-platform";

const suite = requires("terraform");

/** A deployment takes three seconds alone, and up to a minute when all rooms' tests run on two cores. */
const TIMEOUT_MS = 180_000;

/** Address and action of everything that a plan would touch. */
function changes({ resource_changes = [] }: TerraformPlan): Record<string, string> {
  const touched = resource_changes.filter(({ mode, change }) => mode === "managed" && change.actions[0] !== "no-op");
  return Object.fromEntries(touched.map(({ address, change }) => [address, change.actions.join(" and ")]));
}

suite("a platform in the rehearsal", () => {
  const root = mkdtempSync(join(tmpdir(), "rehearsal-"));
  const tree = join(root, "tree");
  let rehearsal: Rehearsal;
  let stacks: string[];

  beforeAll(async () => {
    stacks = synthesizeSample(tree);
    rehearsal = await startRehearsal({ directory: join(root, "cloud") });
  });
  afterAll(async () => {
    await rehearsal.stop();
    rmSync(root, { recursive: true });
  });

  it(
    "stops where a call fails, and keeps what was made",
    async () => {
      rehearsal.fail("aws_eks_node_group.create");
      const deployment = await rehearsal.deployStacks({ tree });
      expect(deployment.succeeded).toBe(false);
      expect(deployment.errors.join()).toContain("aws_eks_node_group.create was made to fail");
      const status = Object.fromEntries(deployment.stacks.map((stack) => [stack.stack, stack]));
      expect(status["sample-network"]).toMatchObject({ status: "deployed", added: 4 });
      expect(status["sample-cluster"]).toMatchObject({ status: "failed", added: 3 });
      expect(status["sample-workloads"]).toMatchObject({ status: "not reached", added: 0 });
      expect(rehearsal.objects({ type: "aws_eks_cluster" })).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    "is completed by the next deployment, producers before consumers",
    async () => {
      const events: string[] = [];
      const deployment = await rehearsal.deployStacks({
        tree,
        onProgress: ({ kind, address }) => events.push(`${kind} ${address ?? ""}`),
      });
      expect(deployment.errors).toEqual([]);
      expect(deployment.stacks.map(({ stack }) => stack)).toEqual(stacks);
      expect(deployment.stacks.find(({ stack }) => stack === "sample-cluster")).toMatchObject({
        status: "deployed",
        added: 1,
      });
      // The 13 resources of the stacks, and the security group that EKS makes for itself.
      expect(rehearsal.objects()).toHaveLength(14);
      expect(events.indexOf("resource-done aws_eks_node_group.nodes (nodes)")).toBeLessThan(
        events.indexOf("resource-started kubernetes_manifest.namespace (namespace)"),
      );
    },
    TIMEOUT_MS,
  );

  it("leaves the synthesized files as they were", () => {
    for (const stack of stacks) {
      const file = join("stacks", stack, "cdk.tf.json");
      expect(readFileSync(join(root, "cloud", "deploy", "cdktf.out", file))).toEqual(readFileSync(join(tree, file)));
    }
  });

  it("looks like AWS: ids, ARNs, endpoints, tags", () => {
    const [vpc] = rehearsal.objects({ type: "aws_vpc" });
    expect(vpc).toMatchObject({ owner: "222222222222", region: "eu-west-1" });
    expect(vpc!.id).toMatch(/^vpc-[0-9a-f]{17}$/);
    expect(vpc!.attributes.tags_all).toEqual({ owner: "trading" });
    const [cluster] = rehearsal.objects({ type: "aws_eks_cluster" });
    expect(cluster!.attributes.arn).toBe("arn:aws:eks:eu-west-1:222222222222:cluster/sample");
    expect(cluster!.attributes.endpoint).toMatch(/^https:\/\/[0-9A-F]{32}\.gr7\.eu-west-1\.eks\.amazonaws\.com$/);
    const settings = rehearsal.objects({ type: "kubernetes_manifest", owner: cluster!.attributes.endpoint as string });
    expect(settings.map(({ region }) => region)).toEqual(["eu-west-1", "eu-west-1"]);
  });

  it("keeps states in the bucket that the first stack made, and no write-only value in them", () => {
    const bucket = rehearsal.bucket("sample-states");
    expect(bucket.keys()).toEqual(
      stacks
        .slice(1)
        .map((stack) => `${stack}.tfstate`)
        .sort(),
    );
    expect(bucket.read("sample-data.tfstate")!.toString()).not.toContain("only-in-the-configuration");
  });

  it(
    "calls no stack deployed that did not run, although its state is complete from before",
    async () => {
      rehearsal.fail("aws_vpc.read");
      const deployment = await rehearsal.deployStacks({ tree });
      expect(deployment.succeeded).toBe(false);
      const status = Object.fromEntries(deployment.stacks.map((stack) => [stack.stack, stack.status]));
      expect(status["sample-state"]).toBe("unchanged");
      expect(status["sample-network"]).toBe("failed");
      // Neither ran: they wait for the network.
      expect(status["sample-cluster"]).toBe("not reached");
      expect(status["sample-workloads"]).toBe("not reached");
    },
    TIMEOUT_MS,
  );

  it(
    "changes nothing when it is deployed again",
    async () => {
      const deployment = await rehearsal.deployStacks({ tree });
      expect(deployment.succeeded).toBe(true);
      expect(deployment.stacks.map(({ added, changed, destroyed }) => added + changed + destroyed)).toEqual([
        0, 0, 0, 0, 0,
      ]);
    },
    TIMEOUT_MS,
  );

  it(
    "serves any Terraform command: what stands is imported into another state",
    async () => {
      const folder = join(root, "import");
      cpSync(join(tree, "stacks", "sample-network"), folder, { recursive: true });
      writeFileSync(join(folder, "backend_override.tf.json"), '{"terraform":{"backend":{"local":{}}}}');
      const options = { cwd: folder, env: rehearsal.environmentVariables() };
      const [vpc] = rehearsal.objects({ type: "aws_vpc" });
      await programOutput("terraform", ["init", "-input=false"], options);
      await programOutput("terraform", ["import", "-input=false", "aws_vpc.vpc", vpc!.id], options);
      const planned = await programOutput("terraform", ["plan", "-no-color", "-target=aws_vpc.vpc"], options);
      expect(planned).toContain("No changes.");
      await expect(programOutput("terraform", ["import", "aws_subnet.subnet-a", "subnet-0"], options)).rejects.toThrow(
        "non-existent remote object",
      );
    },
    TIMEOUT_MS,
  );

  it(
    "is valid to Terraform in every stack, and says what is not",
    async () => {
      for (const stack of stacks) expect(await rehearsal.validateStack(tree, stack)).toEqual([]);
      const broken = join(root, "broken");
      cpSync(tree, broken, { recursive: true });
      const file = join(broken, "stacks", "sample-network", "cdk.tf.json");
      writeFileSync(file, readFileSync(file, "utf8").replace('"cidr_block"', '"cidr_blok"'));
      expect(await rehearsal.validateStack(broken, "sample-network")).toContainEqual(
        expect.stringContaining("cidr_blok"),
      );
    },
    TIMEOUT_MS,
  );

  it("plans a new range of the network as replacement of the VPC and, with it, of the subnets", async () => {
    const changed = join(root, "changed-network");
    synthesizeSample(changed, { network: "10.30.0.0/16" });
    const plan = await rehearsal.planStack(changed, "sample-network");
    expect(changes(plan)).toEqual({
      "aws_vpc.vpc": "delete and create",
      "aws_subnet.subnet-a": "delete and create",
      "aws_subnet.subnet-b": "delete and create",
      "aws_ssm_parameter.contract": "update",
    });
    const vpc = plan.resource_changes!.find(({ address }) => address === "aws_vpc.vpc");
    expect(vpc!.change.replace_paths).toEqual([["cidr_block"]]);
  });

  it("plans a new tag as an update in place", async () => {
    const changed = join(root, "changed-owner");
    synthesizeSample(changed, { owner: "platform" });
    expect(changes(await rehearsal.planStack(changed, "sample-network"))).toEqual({
      "aws_vpc.vpc": "update",
      "aws_subnet.subnet-a": "update",
      "aws_subnet.subnet-b": "update",
      "aws_ssm_parameter.contract": "update",
    });
    expect(changes(await rehearsal.planStack(changed, "sample-workloads"))).toEqual({
      "kubernetes_manifest.settings": "update",
    });
  });

  it(
    "sees what was changed or removed by hand",
    async () => {
      expect(rehearsal.drift({ type: "aws_vpc" }, { enable_dns_support: false, tags: { owner: "nobody" } })).toBe(1);
      rehearsal.drift(
        { type: "kubernetes_manifest", id: "apiVersion=v1,kind=ConfigMap,namespace=trading,name=settings" },
        null,
      );
      expect(changes(await rehearsal.planStack(tree, "sample-network"))).toEqual({ "aws_vpc.vpc": "update" });
      expect(changes(await rehearsal.planStack(tree, "sample-workloads"))).toEqual({
        "kubernetes_manifest.settings": "create",
      });
      expect((await rehearsal.deployStacks({ tree, stacks: ["sample-network", "sample-workloads"] })).succeeded).toBe(
        true,
      );
      expect(changes(await rehearsal.planStack(tree, "sample-network"))).toEqual({});
    },
    TIMEOUT_MS,
  );

  it(
    "does nothing in a region that is lost, and goes on when it is back",
    async () => {
      rehearsal.loseRegion("eu-west-1");
      await expect(rehearsal.planStack(tree, "sample-network")).rejects.toThrow(
        /eu-west-1 answers: the region is lost/,
      );
      const deployment = await rehearsal.deployStacks({ tree, stacks: ["sample-network"] });
      expect(deployment).toMatchObject({ succeeded: false, stacks: [{ status: "failed", added: 0 }] });
      rehearsal.restoreRegion("eu-west-1");
      expect(changes(await rehearsal.planStack(tree, "sample-network"))).toEqual({});
    },
    TIMEOUT_MS,
  );

  it(
    "refuses to destroy a protected database, as RDS does",
    async () => {
      const guarded = join(root, "guarded");
      synthesizeSample(guarded, { databaseProtected: true });
      await rehearsal.deployStacks({ tree: guarded, stacks: ["sample-data"] });
      const destruction = await rehearsal.destroyStacks({ tree: guarded, stacks: ["sample-data"] });
      expect(destruction.succeeded).toBe(false);
      expect(destruction.errors.join()).toContain("Cannot delete protected DB Instance");
      expect(rehearsal.objects({ type: "aws_db_instance" })).toHaveLength(1);
    },
    TIMEOUT_MS,
  );

  it(
    "refuses to destroy a network that is in use",
    async () => {
      const destruction = await rehearsal.destroyStacks({ tree, stacks: ["sample-network"] });
      expect(destruction.errors.join()).toMatch(/DependencyViolation: The subnet 'subnet-[0-9a-f]+' has dependencies/);
    },
    TIMEOUT_MS,
  );

  it(
    "leaves nothing behind when everything is destroyed",
    async () => {
      const opened = await rehearsal.deployStacks({ tree, stacks: ["sample-network", "sample-data"] });
      expect(opened.errors).toEqual([]);
      const destruction = await rehearsal.destroyStacks({ tree });
      expect(destruction.errors).toEqual([]);
      expect(destruction.stacks.reduce((sum, { destroyed }) => sum + destroyed, 0)).toBe(13);
      expect(rehearsal.objects()).toEqual([]);
      expect(rehearsal.bucket("sample-states").keys()).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
