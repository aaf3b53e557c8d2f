import { resourceSchema } from "@hft/provider-schemas";
import { UNKNOWN, type Value, type ValueObject } from "../protocol/value";
import { planChange } from "./plan-change";

const configuration = { owner: "222222222222", region: "eu-west-1", defaultTags: { owner: "trading" } };

/** Plans as Terraform asks for it: the proposal is the configuration, laid over what was. */
function plan(type: string, config: ValueObject, prior: ValueObject | null = null) {
  const schema = resourceSchema(type)!;
  const names = [...Object.keys(schema.attributes), ...Object.keys(schema.blocks)];
  const proposal = names.map((name): [string, Value] => {
    const computed = schema.attributes[name]?.computed ?? false;
    return [name, config[name] ?? (computed ? (prior?.[name] ?? null) : null)];
  });
  return planChange({ type, schema, prior, proposed: Object.fromEntries(proposal), config, configuration });
}

const paths = ({ replacement }: ReturnType<typeof plan>) =>
  replacement.map(({ steps }) => steps.map((step) => Object.values(step)[0]).join("."));

describe("the plan of a new resource", () => {
  it("does not know what only the service can tell", () => {
    const { planned } = plan("aws_vpc", { cidr_block: "10.0.0.0/16" });
    expect(planned).toMatchObject({ id: UNKNOWN, arn: UNKNOWN, cidr_block: "10.0.0.0/16", enable_dns_support: null });
  });

  it("knows what the provider's configuration decides", () => {
    const { planned } = plan("aws_vpc", { tags: { Name: "core", owner: "platform", gone: null } });
    expect(planned).toMatchObject({ region: "eu-west-1", tags_all: { owner: "platform", Name: "core" } });
    expect(plan("aws_vpc", { region: "eu-central-1" }).planned.region).toBe("eu-central-1");
    expect(plan("aws_vpc", { tags: UNKNOWN }).planned.tags_all).toBe(UNKNOWN);
    expect(plan("aws_vpc", { tags_all: { mine: "yes" } }).planned.tags_all).toEqual({ owner: "trading" });
  });

  it("keeps write-only values out", () => {
    const { planned } = plan("aws_db_instance", { instance_class: "db.t4g.micro", password_wo: "secret" });
    expect(planned.password_wo).toBeNull();
  });
});

describe("the plan of a change", () => {
  const vpc = { ...plan("aws_vpc", { cidr_block: "10.0.0.0/16" }).planned, id: "vpc-1", arn: "arn:aws:ec2:vpc-1" };

  it("keeps what the service told", () => {
    const { planned, replacement } = plan("aws_vpc", { cidr_block: "10.0.0.0/16", tags: { Name: "new" } }, vpc);
    expect(planned).toMatchObject({ id: "vpc-1", arn: "arn:aws:ec2:vpc-1" });
    expect(replacement).toEqual([]);
  });

  it("is a replacement when an attribute that is fixed changes", () => {
    expect(paths(plan("aws_vpc", { cidr_block: "10.1.0.0/16" }, vpc))).toEqual(["cidr_block"]);
    expect(paths(plan("aws_vpc", { cidr_block: "10.0.0.0/16", region: "eu-central-1" }, vpc))).toEqual(["region"]);
  });

  it("is a replacement when a fixed attribute becomes unknown, which is how replacements spread", () => {
    const subnet = { ...plan("aws_subnet", { vpc_id: "vpc-1", cidr_block: "10.0.1.0/24" }).planned, id: "subnet-1" };
    expect(paths(plan("aws_subnet", { vpc_id: UNKNOWN, cidr_block: "10.0.1.0/24" }, subnet))).toEqual(["vpc_id"]);
  });

  it("finds fixed attributes inside blocks, and leaves the others in place", () => {
    const brokers = (instance_type: string, client_subnets: string[]) => ({
      cluster_name: "orders",
      broker_node_group_info: [{ instance_type, client_subnets, security_groups: ["sg-1"] }],
    });
    const prior = plan("aws_msk_cluster", brokers("kafka.m7g.large", ["subnet-1"])).planned;
    expect(paths(plan("aws_msk_cluster", brokers("kafka.m7g.xlarge", ["subnet-1"]), prior))).toEqual([]);
    expect(paths(plan("aws_msk_cluster", brokers("kafka.m7g.large", ["subnet-2"]), prior))).toEqual([
      "broker_node_group_info.0.client_subnets",
    ]);
  });

  it("does not know the next version of what gets one", () => {
    const prior = { ...plan("aws_launch_template", { image_id: "ami-1" }).planned, id: "lt-1", latest_version: 1 };
    expect(plan("aws_launch_template", { image_id: "ami-2" }, prior).planned.latest_version).toBe(UNKNOWN);
    expect(plan("aws_launch_template", { image_id: "ami-1" }, prior).planned.latest_version).toBe(1);
  });

  it("settles on blocks of a set whose members the service completed", () => {
    const rule = (archive: Value) => ({
      rule_name: "daily",
      target_vault_name: "vault",
      lifecycle: [{ delete_after: 7, opt_in_to_archive_for_supported_resources: archive }],
    });
    const prior = { ...plan("aws_backup_plan", { name: "p", rule: [rule(null)] }).planned, rule: [rule(false)] };
    const again = plan("aws_backup_plan", { name: "p", rule: [rule(null)] }, prior);
    expect(again.planned.rule).toMatchObject([rule(false)]);
  });
});
