import { dataSourceSchema, isStructured, providerOf, providerPackage, providerSchema, resourceSchema } from "./";

describe("a derived schema", () => {
  it("knows which attributes are required, optional and computed", () => {
    const { attributes } = resourceSchema("aws_vpc")!;
    expect(attributes.id).toMatchObject({ computed: true, required: false, type: "string" });
    expect(attributes.cidr_block).toMatchObject({ computed: true, optional: true });
    expect(attributes.enable_dns_support).toMatchObject({ computed: false, optional: true, type: "bool" });
    expect(attributes.tags).toMatchObject({ type: ["map", "string"] });
    expect(resourceSchema("aws_eks_cluster")!.attributes.name).toMatchObject({ required: true, computed: false });
  });

  it("tells a block that may be given once from one that may be repeated", () => {
    expect(resourceSchema("aws_eks_cluster")!.blocks.vpc_config).toMatchObject({
      nesting: "LIST",
      minItems: 1,
      maxItems: 1,
    });
    expect(resourceSchema("aws_lb_listener")!.blocks.default_action).toMatchObject({ nesting: "LIST", maxItems: 0 });
    expect(resourceSchema("aws_network_acl_rule")!.blocks).toEqual({});
  });

  it("types the attributes of protocol 5 as whole objects, with sets told from lists", () => {
    expect(resourceSchema("aws_security_group")!.attributes.ingress).toMatchObject({
      optional: true,
      computed: true,
      type: ["set", ["object", expect.objectContaining({ from_port: "number", cidr_blocks: ["list", "string"] })]],
    });
    expect(resourceSchema("aws_eks_cluster")!.attributes.identity).toMatchObject({
      type: ["list", ["object", { oidc: ["list", ["object", { issuer: "string" }]] }]],
    });
  });

  it("gives the members of Cloudflare's structured attributes flags of their own", () => {
    const { attributes, blocks } = resourceSchema("cloudflare_load_balancer_pool")!;
    const origins = attributes.origins!;
    expect(blocks).toEqual({});
    expect(isStructured(origins) && origins.nested).toMatchObject({
      nesting: "LIST",
      attributes: { address: { optional: true, type: "string" }, disabled_at: { computed: true, optional: false } },
    });
  });

  it("leaves a manifest's type open", () => {
    const { attributes, blocks } = resourceSchema("kubernetes_manifest")!;
    expect(attributes.manifest).toMatchObject({ required: true, type: "dynamic" });
    expect(attributes.object).toMatchObject({ computed: true, type: "dynamic" });
    expect(blocks.field_manager).toMatchObject({ nesting: "LIST", maxItems: 1 });
  });

  it("marks what is never stored and what is hidden", () => {
    expect(resourceSchema("aws_db_instance")!.attributes.password_wo).toMatchObject({ writeOnly: true });
    expect(resourceSchema("aws_db_instance")!.attributes.password_wo_version).not.toHaveProperty("writeOnly");
    expect(resourceSchema("random_password")!.attributes.result).toMatchObject({ sensitive: true });
    expect(dataSourceSchema("aws_ssm_parameter")!.attributes.value).toMatchObject({ sensitive: true });
  });

  it("has no dynamic member in a set of blocks, which Terraform would refuse the change", () => {
    const { rule } = resourceSchema("aws_wafv2_web_acl")!.blocks;
    expect(rule!.nesting).toBe("SET");
    expect(rule!.block.attributes.statement).toMatchObject({ type: "string" });
  });

  it("finds modules that the generator renamed, and data sources beside resources", () => {
    expect(resourceSchema("random_string")!.attributes.result).toBeDefined();
    expect(dataSourceSchema("aws_iam_policy_document")!.blocks.statement).toMatchObject({ nesting: "LIST" });
    expect(dataSourceSchema("aws_vpc_endpoint_service")!.attributes.service_name).toBeDefined();
  });

  it("is undefined for what no installed provider has", () => {
    expect(resourceSchema("aws_teapot")).toBeUndefined();
    expect(resourceSchema("google_compute_instance")).toBeUndefined();
    expect(resourceSchema("aws_../../provider")).toBeUndefined();
  });
});

describe("a provider", () => {
  it("is found by the prefix of a type", () => {
    expect(providerOf("aws_vpc")).toBe("aws");
    expect(providerOf("awsome_thing")).toBeUndefined();
  });

  it("has the address that Terraform uses", () => {
    expect(providerPackage("aws").address).toBe("registry.terraform.io/hashicorp/aws");
    expect(providerPackage("cloudflare").address).toBe("registry.terraform.io/cloudflare/cloudflare");
  });

  it("has a configuration block without cdktf's alias", () => {
    const { attributes, blocks } = providerSchema("aws");
    expect(attributes.region).toBeDefined();
    expect(attributes).not.toHaveProperty("alias");
    expect(blocks.default_tags).toMatchObject({ nesting: "LIST" });
  });
});
