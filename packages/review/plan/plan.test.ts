// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import type { JsonObject } from "../tree";
import { aTree, resources, type TreeBuilder } from "../tree/a-tree";
import { planTree, type ResourceVerdict } from "./";

function verdicts(base: TreeBuilder, head: TreeBuilder): Record<string, ResourceVerdict> {
  const all = planTree(base, head).stacks.flatMap((stack) => stack.verdicts);
  return Object.fromEntries(all.map((verdict) => [verdict.address, verdict]));
}

const vpc = (cidr: string) => ({ cidr_block: cidr });
const subnet = { vpc_id: "${aws_vpc.main.id}", cidr_block: "10.0.1.0/24" };

describe("a plan", () => {
  const network = (cidr: string) =>
    aTree().withStack("network", resources({ "aws_vpc.main": vpc(cidr), "aws_subnet.a": subnet }));

  it("says nothing when nothing changed", () => {
    expect(Object.values(verdicts(network("10.0.0.0/16"), network("10.0.0.0/16")))).toEqual([]);
  });

  it("replaces what cannot change in place, and everything that holds its id", () => {
    const found = verdicts(network("10.0.0.0/16"), network("10.9.0.0/16"));
    expect(found["aws_vpc.main"]).toMatchObject({ action: "replace", forcedBy: [{ path: "cidr_block" }], causes: [] });
    expect(found["aws_subnet.a"]).toMatchObject({
      action: "replace",
      forcedBy: [{ path: "vpc_id" }],
      causes: ["network:aws_vpc.main"],
    });
  });

  it("updates what can", () => {
    const head = aTree().withStack(
      "network",
      resources({ "aws_vpc.main": { ...vpc("10.0.0.0/16"), tags: { a: "b" } }, "aws_subnet.a": subnet }),
    );
    const found = verdicts(network("10.0.0.0/16"), head);
    expect(found["aws_vpc.main"]!.action).toBe("update");
    expect(found["aws_subnet.a"]!.action).toBe("no-op");
  });

  it("creates and destroys", () => {
    const empty = aTree().withStack("network", resources({}));
    expect(verdicts(empty, network("10.0.0.0/16"))["aws_vpc.main"]!.action).toBe("create");
    expect(verdicts(network("10.0.0.0/16"), empty)["aws_subnet.a"]!.action).toBe("delete");
  });

  it("follows a contract from one stack into the next", () => {
    const consumer = resources(
      {
        "aws_security_group.db": {
          name: "db",
          vpc_id: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).vpcId}",
        },
      },
      { data: { aws_ssm_parameter: { net: { name: "/net" } } } },
    );
    const tree = (cidr: string) =>
      aTree()
        .withStack(
          "network",
          resources({
            "aws_vpc.main": vpc(cidr),
            "aws_ssm_parameter.net": {
              name: "/net",
              type: "String",
              insecure_value: '${jsonencode({"vpcId" = aws_vpc.main.id})}',
            },
          }),
        )
        .withStack("data", consumer, ["network"]);
    const found = verdicts(tree("10.0.0.0/16"), tree("10.9.0.0/16"));
    expect(found["aws_security_group.db"]).toMatchObject({
      stack: "data",
      action: "replace",
      causes: ["network:aws_vpc.main"],
    });
  });

  it("moves instead of destroying where a moved block says so", () => {
    const head = aTree().withStack(
      "network",
      resources({ "aws_vpc.core": vpc("10.0.0.0/16") }, { moved: [{ from: "aws_vpc.main", to: "aws_vpc.core" }] }),
    );
    const base = aTree().withStack("network", resources({ "aws_vpc.main": vpc("10.0.0.0/16") }));
    expect(verdicts(base, head)).toEqual({
      "aws_vpc.core": expect.objectContaining({ action: "no-op", movedFrom: "aws_vpc.main" }),
    });
  });

  it("moves one into for_each without moving it twice", () => {
    const base = aTree().withStack("network", resources({ "aws_eip.a": { domain: "vpc" } }));
    const head = aTree().withStack(
      "network",
      resources(
        { "aws_eip.a": { domain: "vpc", for_each: { a: "1", b: "2" } } },
        { moved: [{ from: "aws_eip.a", to: 'aws_eip.a["a"]' }] },
      ),
    );
    const found = verdicts(base, head);
    expect(Object.keys(found).sort()).toEqual(['aws_eip.a["a"]', 'aws_eip.a["b"]']);
    expect(found['aws_eip.a["a"]']!.movedFrom).toBe("aws_eip.a");
  });

  it("takes a resource into count by itself", () => {
    const base = aTree().withStack("network", resources({ "aws_eip.a": { domain: "vpc" } }));
    const head = aTree().withStack("network", resources({ "aws_eip.a": { domain: "vpc", count: 2 } }));
    expect(Object.values(verdicts(base, head)).map(({ address, action }) => `${action} ${address}`)).toEqual([
      "no-op aws_eip.a[0]",
      "create aws_eip.a[1]",
    ]);
  });

  it("forgets without destroying where a removed block says so", () => {
    const base = aTree().withStack("network", resources({ "aws_vpc.main": vpc("10.0.0.0/16") }));
    const head = aTree().withStack(
      "network",
      resources({}, { removed: [{ from: "aws_vpc.main", lifecycle: { destroy: false } }] }),
    );
    expect(verdicts(base, head)["aws_vpc.main"]!.action).toBe("forget");
  });

  it("keeps what ignore_changes names", () => {
    const tree = (engine: string) =>
      aTree().withStack(
        "data",
        resources({
          "aws_vpc.main": { ...vpc("10.0.0.0/16"), tags: { engine }, lifecycle: { ignore_changes: ["tags"] } },
        }),
      );
    expect(verdicts(tree("1"), tree("2"))["aws_vpc.main"]!.action).toBe("no-op");
  });

  it("replaces what replace_triggered_by points to, before destroying when told so", () => {
    const tree = (description: string) =>
      aTree().withStack(
        "data",
        resources({
          "aws_kms_key.k": { description },
          "aws_eip.a": {
            domain: "vpc",
            lifecycle: { replace_triggered_by: ["aws_kms_key.k"], create_before_destroy: true },
          },
        }),
      );
    expect(verdicts(tree("1"), tree("2"))["aws_eip.a"]).toMatchObject({
      action: "replace",
      triggeredBy: ["data:aws_kms_key.k"],
      createBeforeDestroy: true,
    });
  });

  it("lets the provider's default tags reach every resource", () => {
    const tree = (owner: string) =>
      aTree().withStack("network", {
        ...resources({ "aws_vpc.main": vpc("10.0.0.0/16") }),
        provider: { aws: [{ region: "eu-west-1", default_tags: [{ tags: { owner } }] }] },
      });
    expect(verdicts(tree("a"), tree("b"))["aws_vpc.main"]).toMatchObject({
      action: "update",
      changes: [expect.objectContaining({ path: "tags_all.owner" })],
    });
  });

  it("reports what Terraform would refuse the change, and destroys nothing because of it", () => {
    const base = network("10.0.0.0/16");
    const head = aTree().withStack(
      "network",
      resources({ "aws_vpc.main": vpc("10.0.0.0/16"), "aws_subnet.a": { ...subnet, vpc_id: "${aws_vpc.gone.id}" } }),
    );
    const plan = planTree(base, head);
    expect(plan.head.problems).toEqual([
      expect.objectContaining({ address: "aws_subnet.a", summary: expect.stringContaining("gone") }),
    ]);
    expect(plan.stacks[0]!.verdicts.some(({ action }) => action === "delete")).toBe(false);
  });

  it("refuses to replace what prevent_destroy protects", () => {
    const tree = (cidr: string) =>
      aTree().withStack(
        "network",
        resources({ "aws_vpc.main": { ...vpc(cidr), lifecycle: { prevent_destroy: true } } }),
      );
    expect(planTree(tree("10.0.0.0/16"), tree("10.9.0.0/16")).head.problems[0]!.summary).toContain("prevent_destroy");
  });

  it("promotes a replica in place: what it had from its source is no change", () => {
    const primary = { identifier: "one", instance_class: "db.r7g.large", engine: "postgres", username: "hft" };
    const replica = {
      identifier: "two",
      instance_class: "db.r7g.large",
      replicate_source_db: "arn:aws:rds:eu-west-1:1:db:one",
    };
    const tree = (two: JsonObject) =>
      aTree()
        .withStack("west", resources({ "aws_db_instance.db": primary }))
        .withStack("central", resources({ "aws_db_instance.db": two }));
    const found = planTree(tree(replica), tree({ ...primary, identifier: "two" })).stacks.find(
      ({ stack }) => stack === "central",
    )!;
    expect(found.verdicts).toEqual([
      expect.objectContaining({
        action: "update",
        changes: [expect.objectContaining({ path: "replicate_source_db" })],
      }),
    ]);
  });

  it("knows a stack by its place in the backend when it gets another name", () => {
    const stack = resources(
      { "aws_vpc.main": vpc("10.0.0.0/16") },
      { terraform: { backend: { s3: { bucket: "b", key: "k" } } } },
    );
    const plan = planTree(aTree().withStack("old", stack), aTree().withStack("new", stack));
    expect([...plan.renamedStacks]).toEqual([["new", "old"]]);
    expect(plan.stacks.flatMap(({ verdicts: own }) => own.map(({ action }) => action))).toEqual(["no-op"]);
  });
});
