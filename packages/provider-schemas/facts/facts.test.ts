import {
  type Block,
  compareVersions,
  conditionalReplacements,
  isStructured,
  meetsCondition,
  replacementAttributes,
  resourceSchema,
  typesWithReplacementFacts,
  unknownOnUpdate,
} from "..";

/** Whether a path of names leads to an attribute or block of the schema; into an open type anything leads. */
function leadsSomewhere(block: Block, [name, ...rest]: readonly string[]): boolean {
  const nested = block.blocks[name!];
  const attribute = block.attributes[name!];
  if (nested) {
    return rest.length === 0 || leadsSomewhere(nested.block, rest);
  }
  if (!attribute || rest.length === 0) {
    return attribute !== undefined;
  }
  return isStructured(attribute)
    ? leadsSomewhere({ attributes: attribute.nested.attributes, blocks: {} }, rest)
    : attribute.type === "dynamic";
}

describe("replacement facts", () => {
  it.each(typesWithReplacementFacts())("of %s name attributes that the installed provider has", (type) => {
    const schema = resourceSchema(type)!;
    const stray = replacementAttributes(type).filter((path) => !leadsSomewhere(schema, path.split(".")));
    expect(stray).toEqual([]);
  });

  it("include the region of every regional AWS resource, known or not", () => {
    expect(replacementAttributes("aws_vpc")).toEqual(expect.arrayContaining(["cidr_block", "region"]));
    expect(replacementAttributes("aws_athena_workgroup")).toEqual(["region"]);
    expect(replacementAttributes("aws_iam_role")).not.toContain("region");
  });

  it("let brokers grow in place and replace them when they move", () => {
    const paths = replacementAttributes("aws_msk_cluster");
    expect(paths).toContain("broker_node_group_info.client_subnets");
    expect(paths).not.toContain("broker_node_group_info.instance_type");
    expect(paths).not.toContain("broker_node_group_info");
  });

  it("know decisions that depend on the values", () => {
    const [downgrade] = conditionalReplacements("aws_elasticache_replication_group");
    expect(meetsCondition(downgrade!, "8.1", "8.0")).toBe(true);
    expect(meetsCondition(downgrade!, "7.2", "8.0")).toBe(false);
    const [encryption] = conditionalReplacements("aws_eks_cluster");
    expect(meetsCondition(encryption!, [{}], [])).toBe(true);
    expect(meetsCondition(encryption!, [], [{}])).toBe(false);
  });

  it("compare versions by number", () => {
    expect(compareVersions("3.10.0", "3.9.0")).toBeGreaterThan(0);
    expect(compareVersions("3.8.x", "3.8")).toBe(0);
  });
});

describe("unknown on update", () => {
  it("is nothing for most AWS resources", () => {
    expect(unknownOnUpdate("aws_vpc", ["tags"])).toEqual([]);
  });

  it("is the version of what got a new version", () => {
    expect(unknownOnUpdate("aws_launch_template", ["user_data"])).toEqual(["latest_version"]);
    expect(unknownOnUpdate("aws_launch_template", ["tags"])).toEqual([]);
    expect(unknownOnUpdate("aws_ssm_parameter", ["value"])).toEqual(["version", "insecure_value"]);
  });

  it("is everything computed but the identity for Cloudflare", () => {
    const unknown = unknownOnUpdate("cloudflare_load_balancer_pool", ["origins"]);
    expect(unknown).toContain("modified_on");
    expect(unknown).not.toContain("id");
    expect(unknownOnUpdate("cloudflare_load_balancer_pool", [])).toEqual([]);
  });
});
