// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Terraform's templates, not JavaScript's
import { reviewTrees } from "../review";
import type { JsonObject } from "../tree";
import { aTree, resources } from "../tree/a-tree";
import type { Finding } from "./";

function findings(before: JsonObject, after: JsonObject): Finding[] {
  return [...reviewTrees(aTree().withStack("s", before), aTree().withStack("s", after)).findings];
}

function rules(before: Readonly<Record<string, JsonObject>>, after: Readonly<Record<string, JsonObject>>): string[] {
  return findings(resources(before), resources(after)).map(({ rule }) => rule);
}

/** One resource that changes: type, what it says in both, before, after. */
type Case = readonly [rule: string, type: string, common: JsonObject, before: JsonObject, after: JsonObject];

const database = { identifier: "orders", instance_class: "db.r7g.large" };
const rule = (actions: string[], resource: string): JsonObject => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: actions, Resource: resource }],
  }),
});

const WEAKER: readonly Case[] = [
  ["RV-DATA-1", "aws_db_instance", database, { deletion_protection: true }, { deletion_protection: false }],
  ["RV-DATA-1", "aws_s3_bucket", { bucket: "b" }, {}, { force_destroy: true }],
  ["RV-DATA-2", "aws_db_instance", database, { backup_retention_period: 14 }, { backup_retention_period: 1 }],
  ["RV-DATA-2", "aws_s3_bucket_versioning", { bucket: "b" }, { versioning_configuration: { status: "Enabled" } }, { versioning_configuration: { status: "Suspended" } }],
  ["RV-DATA-3", "aws_kms_key", {}, { enable_key_rotation: true }, { enable_key_rotation: false }],
  ["RV-DATA-4", "aws_db_instance", database, { skip_final_snapshot: false }, { skip_final_snapshot: true }],
  ["RV-DATA-5", "aws_db_instance", database, { multi_az: true }, { multi_az: false }],
  ["RV-DATA-5", "aws_eks_node_group", { cluster_name: "c", node_group_name: "general", node_role_arn: "arn:r", subnet_ids: ["s"] }, { scaling_config: { min_size: 1, desired_size: 1, max_size: 20 } }, { scaling_config: { min_size: 1, desired_size: 1, max_size: 4 } }],
  ["RV-DATA-6", "aws_route53_health_check", { type: "HTTPS", fqdn: "a" }, { failure_threshold: 3 }, { failure_threshold: 9 }],
  ["RV-DATA-7", "aws_cloudwatch_log_group", { name: "l" }, { retention_in_days: 365 }, { retention_in_days: 7 }],
  ["RV-STATE-4", "aws_kms_key", {}, { lifecycle: { prevent_destroy: true } }, {}],
  ["RV-NET-1", "aws_vpc_security_group_ingress_rule", { security_group_id: "sg", ip_protocol: "tcp", from_port: 5432, to_port: 5432 }, { cidr_ipv4: "10.0.0.0/16" }, { cidr_ipv4: "10.0.0.0/8" }],
  ["RV-NET-2", "aws_db_instance", database, { publicly_accessible: false }, { publicly_accessible: true }],
  ["RV-NET-2", "aws_s3_bucket_public_access_block", { bucket: "b" }, { block_public_policy: true }, { block_public_policy: false }],
  ["RV-NET-3", "cloudflare_dns_record", { zone_id: "z", name: "n", type: "A", ttl: 1, content: "192.0.2.1" }, { proxied: true }, { proxied: false }],
  ["RV-IAM-1", "aws_iam_policy", { name: "p" }, rule(["s3:GetObject"], "arn:aws:s3:::a/*"), rule(["s3:*"], "arn:aws:s3:::a/*")],
]; // biome-ignore format: one case a line

describe("a guardrail", () => {
  it.each(WEAKER)("%s sees %s weakened", (id, type, common, before, after) => {
    expect(rules({ [`${type}.x`]: { ...common, ...before } }, { [`${type}.x`]: { ...common, ...after } })).toContain(
      id,
    );
  });

  it.each(WEAKER)("%s is content when %s is strengthened", (id, type, common, before, after) => {
    const found = rules({ [`${type}.x`]: { ...common, ...after } }, { [`${type}.x`]: { ...common, ...before } });
    expect(found).not.toContain(id);
  });

  it("takes a rename of a database for what it is, with what to paste", () => {
    const found = findings(
      resources({ "aws_db_instance.main": database }),
      resources({ "aws_db_instance.orders": database }),
    );
    const rename = found.find((finding) => finding.rule === "RV-STATE-3")!;
    expect(rename).toMatchObject({ severity: "critical", address: "aws_db_instance.orders" });
    expect(rename.remedy).toContain('moveFromId("aws_db_instance.main")');
    expect(rename.remedy).toContain("moved {\n  from = aws_db_instance.main\n  to   = aws_db_instance.orders\n}");
    expect(found.map((finding) => finding.rule)).not.toContain("RV-STATE-1");
  });

  it("takes two different databases for two", () => {
    const other = { identifier: "archive", instance_class: "db.t4g.medium" };
    expect(rules({ "aws_db_instance.main": database }, { "aws_db_instance.archive": other })).toEqual(["RV-STATE-1"]);
  });

  it("compares policies by meaning", () => {
    const policy = (statements: object[]): JsonObject => ({
      name: "p",
      policy: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
    });
    const before = policy([
      { Sid: "One", Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::a/*" },
    ]);
    const regrouped = policy([
      { Effect: "Allow", Action: "s3:PutObject", Resource: ["arn:aws:s3:::a/*"] },
      { Effect: "Allow", Action: "s3:getobject", Resource: "arn:aws:s3:::a/*" },
    ]);
    expect(rules({ "aws_iam_policy.x": before }, { "aws_iam_policy.x": regrouped })).toEqual([]);
    const undenied = [{ Effect: "Allow", Action: "*", Resource: "*" }];
    const denied = [...undenied, { Effect: "Deny", Action: "kms:ScheduleKeyDeletion", Resource: "*" }];
    const [finding] = findings(
      resources({ "aws_iam_policy.x": policy(denied) }),
      resources({ "aws_iam_policy.x": policy(undenied) }),
    );
    expect(finding!.message).toContain("no longer denied: kms:schedulekeydeletion");
  });

  it("sees through a policy that is written as text with references in it", () => {
    const text = (actions: string) =>
      `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":${actions},"Resource":["\${aws_s3_bucket.b.arn}/*"]}]}`;
    const tree = (actions: string) =>
      resources({ "aws_s3_bucket.b": { bucket: "b" }, "aws_iam_policy.x": { name: "p", policy: text(actions) } });
    const [finding] = findings(tree('["s3:GetObject"]'), tree('["s3:GetObject","s3:DeleteObject"]'));
    expect(finding).toMatchObject({ rule: "RV-IAM-1", address: "aws_iam_policy.x" });
    expect(finding!.message).toMatch(/now permits s3:deleteobject on [^;]*\/\*$/);
  });

  it("says critical when everyone reaches a database port, medium when it is the web", () => {
    const open = (port: number) => ({
      security_group_id: "sg",
      ip_protocol: "tcp",
      cidr_ipv4: "0.0.0.0/0",
      from_port: port,
      to_port: port,
    });
    const severity = (port: number) =>
      findings(resources({}), resources({ "aws_vpc_security_group_ingress_rule.x": open(port) }))[0]!.severity;
    expect(severity(5432)).toBe("critical");
    expect(severity(443)).toBe("medium");
  });

  it("reports contracts that lose what others read", () => {
    const publisher = (fields: string) =>
      resources({
        "aws_ssm_parameter.c": { name: "/net", type: "String", insecure_value: `\${jsonencode({${fields}})}` },
      });
    const reader = resources(
      {
        "aws_eip.a": { domain: "vpc", tags: { zone: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).zone}" } },
      },
      { data: { aws_ssm_parameter: { net: { name: "/net" } } } },
    );
    const tree = (fields: string) => aTree().withStack("net", publisher(fields)).withStack("app", reader, ["net"]);
    const found = reviewTrees(tree('"zone" = "a", "more" = "b"'), tree('"more" = "b"')).findings.map(
      (finding) => `${finding.rule} ${finding.stack}`,
    );
    expect(found).toContain("RV-CONTRACT-1 net");
    expect(found).toContain("RV-PLAN-1 app");
  });
});

describe("a contract's reader", () => {
  const writer = resources({ "aws_ssm_parameter.c": { name: "/net", type: "String", insecure_value: "a" } });
  const reader = resources({}, { data: { aws_ssm_parameter: { net: { name: "/net" } } } });
  const idle = resources({});
  const found = (dependencies: readonly string[]) => {
    const before = aTree().withStack("net", writer).withStack("cluster", idle, ["net"]);
    return reviewTrees(before, before.withStack("app", reader, dependencies)).findings.map(({ rule }) => rule);
  };

  it("has to depend on the writer", () => {
    expect(found([])).toContain("RV-CONTRACT-4");
    expect(found(["net"])).not.toContain("RV-CONTRACT-4");
  });

  it("may depend on it through another stack", () => {
    expect(found(["cluster"])).not.toContain("RV-CONTRACT-4");
  });
});

describe("a replacement across stacks", () => {
  it("is found when another stack still holds the old object", () => {
    const network = (cidr: string) =>
      resources({
        "aws_vpc.main": { cidr_block: cidr },
        "aws_ssm_parameter.net": {
          name: "/net",
          type: "String",
          insecure_value: '${jsonencode({"vpcId" = aws_vpc.main.id})}',
        },
      });
    const data = resources(
      {
        "aws_security_group.db": {
          name: "db",
          vpc_id: "${jsondecode(data.aws_ssm_parameter.net.insecure_value).vpcId}",
        },
      },
      { data: { aws_ssm_parameter: { net: { name: "/net" } } } },
    );
    const tree = (cidr: string) => aTree().withStack("network", network(cidr)).withStack("data", data, ["network"]);
    const found = reviewTrees(tree("10.0.0.0/16"), tree("10.9.0.0/16")).findings.find(
      ({ rule }) => rule === "RV-STATE-7",
    );
    expect(found).toMatchObject({
      address: "aws_vpc.main",
      message: expect.stringContaining("1 resources of data still use it"),
    });
  });
});

describe("an acceptance", () => {
  const before = resources({ "aws_db_instance.x": { ...database, multi_az: true } });
  const headWith = (accept: JsonObject) =>
    resources({ "aws_db_instance.x": { ...database, multi_az: false, "//": { accept } } });

  it("lies in the change itself and needs a reason", () => {
    const reason = "staging shuts down at night, issue 12";
    expect(findings(before, headWith({ "RV-DATA-5": reason }))[0]).toMatchObject({
      rule: "RV-DATA-5",
      accepted: reason,
    });
    const [unreasoned] = findings(before, headWith({ "RV-DATA-5": "ok" }));
    expect(unreasoned!.accepted).toBeUndefined();
    expect(unreasoned!.refusedAcceptance).toContain("is too short");
  });

  it("of an earlier change does not cover a new one", () => {
    const accept = { "RV-DATA-5": "staging shuts down at night, issue 12" };
    const protectedBefore = resources({ "aws_db_instance.x": { ...database, multi_az: true, "//": { accept } } });
    expect(findings(protectedBefore, headWith(accept))[0]!.refusedAcceptance).toContain("earlier change");
  });

  it("can be written on the stack for what has no resource any more", () => {
    const gone = resources(
      {},
      { "//": { accept: { "RV-STATE-1 aws_db_instance.x": "moved to the new account, issue 40" } } },
    );
    expect(findings(before, gone)[0]).toMatchObject({
      rule: "RV-STATE-1",
      accepted: "moved to the new account, issue 40",
    });
  });
});
