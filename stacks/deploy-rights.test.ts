import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anEnvironment } from "../environments/testing";
import { synthesize } from ".";

type Attributes = Record<string, unknown>;
type Statement = { Effect: string; Action: string[]; Resource: string[]; Sid?: string; Condition?: object };

/**
 * IAM's prefix of the service whose API the provider calls for a type, where it is not the type's second word.
 * Source: terraform-provider-aws, internal/service/<package>, and the Service Authorization Reference.
 */
const PREFIXES: readonly [RegExp, string][] = [
  [/^aws_appautoscaling_/, "application-autoscaling"],
  [/^aws_cloudwatch_event_/, "events"],
  [/^aws_cloudwatch_log_/, "logs"],
  [/^aws_codebuild_/, "codebuild"],
  [/^aws_db_/, "rds"],
  [/^aws_dx_/, "directconnect"],
  [/^aws_kinesis_firehose_/, "firehose"],
  [/^aws_lb(_|$)/, "elasticloadbalancing"],
  [/^aws_msk_/, "kafka"],
  [/^aws_(ebs|ec2|customer_gateway|eip|flow_log|internet_gateway|launch_template|nat_gateway|placement_group)/, "ec2"],
  [/^aws_(route|route_table|security_group|subnet|vpc|vpn)(_|$)/, "ec2"],
];
const prefixOf = (type: string) => PREFIXES.find(([pattern]) => pattern.test(type))?.[1] ?? type.split("_")[1]!;

describe("the pipeline's roles, against everything that is synthesized", () => {
  const resources: [string, Attributes][] = [];
  const providers: [stack: string, version: string][] = [];
  let rights: Statement[];

  beforeAll(() => {
    const directory = mkdtempSync(join(tmpdir(), "hft-rights-"));
    synthesize({ production: anEnvironment("production"), hybrid: anEnvironment("hybrid") }, directory);
    for (const stack of readdirSync(join(directory, "stacks"))) {
      const text = readFileSync(join(directory, "stacks", stack, "cdk.tf.json"), "utf8");
      const { resource, terraform } = JSON.parse(text) as {
        resource: Record<string, Record<string, Attributes>>;
        terraform: { required_providers: { aws: { version: string } } };
      };
      providers.push([stack, terraform.required_providers.aws.version]);
      for (const [type, all] of Object.entries(resource)) {
        for (const attributes of Object.values(all)) resources.push([type, attributes]);
      }
    }
    rmSync(directory, { recursive: true, force: true });
    const policy = resources.find(
      ([, { role, policy }]) => String(role).includes("github_deploy") && String(policy).includes("hft-production-"),
    )![1].policy;
    rights = (JSON.parse(String(policy)) as { Statement: Statement[] }).Statement;
  }, 240_000);

  const all = (type: string) => resources.filter(([each]) => each === type).map(([, attributes]) => attributes);
  const statement = (action: string) =>
    rights.find(({ Effect, Action }) => Effect === "Allow" && Action.includes(action))!;

  it("let a deploy use the services that something is made in, and no other", () => {
    const used = new Set(resources.filter(([type]) => /^aws_(?!iam_)/.test(type)).map(([type]) => prefixOf(type)));
    const granted = statement("ec2:*").Action.map((action) => action.replace(":*", ""));
    // Vaults lie in a service of their own beside AWS Backup. Source: Service Authorization Reference, "AWS Backup
    // storage".
    expect(granted.filter((service) => service !== "backup-storage").sort()).toEqual([...used].sort());
  });

  it("let a deploy attach the policies of AWS that are attached, and none that makes an administrator", () => {
    const attached = all("aws_iam_role_policy_attachment")
      .filter(({ role }) => !String(role).includes("github_"))
      .map(({ policy_arn }) => policy_arn);
    const condition = statement("iam:AttachRolePolicy").Condition as { ArnLike: Record<string, string[]> };
    expect(condition.ArnLike["iam:PolicyARN"]).toEqual([...new Set(attached)].sort());
  });

  it("let a deploy hand roles to the services that assume them", () => {
    const assumed = all("aws_iam_role").flatMap(({ assume_role_policy }) =>
      (
        JSON.parse(String(assume_role_policy)) as { Statement: { Principal: { Service?: string | string[] } }[] }
      ).Statement.flatMap(({ Principal }) => Principal.Service ?? []),
    );
    const condition = statement("iam:PassRole").Condition as { StringEquals: Record<string, string[]> };
    expect([...condition.StringEquals["iam:PassedToService"]!].sort()).toEqual([...new Set(assumed)].sort());
  });

  // Source: terraform-provider-aws, internal/service/iam/openid_connect_provider.go: the calls of create, update and
  // delete.
  it.each(["Create", "Delete", "AddClientIDTo", "RemoveClientIDFrom", "Tag", "Untag"])(
    "let a deploy call %sOpenIDConnectProvider",
    (call) => {
      expect(statement(`iam:${call}OpenIDConnectProvider`).Resource).toEqual([
        "arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com",
      ]);
    },
  );

  it.each([
    ["KeepsAuditBuckets", "s3:PutLifecycleConfiguration", "arn:aws:s3:::hft-production-*-audit-333333333333"],
    ["KeepsAuditBuckets", "s3:PutBucketPolicy", "arn:aws:s3:::hft-production-*-audit-333333333333"],
    ["KeepsAuditRecords", "s3:BypassGovernanceRetention", "arn:aws:s3:::hft-production-*-audit-333333333333/*"],
    ["KeepsAuditLogs", "logs:DeleteLogGroup", "arn:aws:logs:*:333333333333:log-group:/hft/production/*/transactions"],
    [
      "KeepsAuditDelivery",
      "firehose:DeleteDeliveryStream",
      "arn:aws:firehose:*:333333333333:deliverystream/hft-production-*-audit",
    ],
  ])("refuse, as %s, %s", (sid, action, resource) => {
    const found = rights.find(({ Effect, Sid }) => Effect === "Deny" && Sid === sid)!;
    expect(found.Action).toContain(action);
    expect(found.Resource).toContain(resource);
  });

  // Source: terraform-provider-aws, CHANGELOG of 6.26.0 and pull request 44876: up to 6.25 it reads the value of every
  // secret's version at each refresh, which both roles are denied.
  it("are used by a provider that reads no secret's value to refresh what it has written", () => {
    expect(rights).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Action: ["secretsmanager:GetSecretValue"] }),
    );
    const readers = providers.filter(([, version]) => {
      const [, major, minor] = /^(\d+)\.(\d+)\.\d+$/.exec(version)!.map(Number);
      return major! < 6 || (major === 6 && minor! < 26);
    });
    expect(readers).toEqual([]);
  });

  // Source: EKS User Guide, "Grant IAM users access to Kubernetes with EKS access entries": without one, also the
  // cluster's creator is refused.
  it("enter every cluster: the one that deploys as administrator, the one that plans as viewer", () => {
    const clusters = all("aws_eks_cluster").length;
    for (const [role, policy] of [
      ["deploy", "AmazonEKSClusterAdminPolicy"],
      ["plan", "AmazonEKSViewPolicy"],
    ] as const) {
      const arn = new RegExp(`^arn:aws:iam::\\d{12}:role/hft-\\w+-global-github-${role}$`);
      expect(all("aws_eks_access_entry").filter(({ principal_arn }) => arn.test(String(principal_arn)))).toHaveLength(
        clusters,
      );
      expect(
        all("aws_eks_access_policy_association").filter(({ policy_arn }) => String(policy_arn).endsWith(policy)).length,
      ).toBeGreaterThanOrEqual(clusters);
      expect(all("aws_iam_role").some(({ name }) => arn.test(`arn:aws:iam::333333333333:role/${name}`))).toBe(true);
    }
  });

  // Source: STS API Reference, AssumeRoleWithWebIdentity, DurationSeconds: more than the role's maximum fails.
  it("last as long as the workflow asks for, and as the job may take", () => {
    const workflow = readFileSync(join(__dirname, "../.github/workflows/deploy.yml"), "utf8");
    const asked = Number(/role-duration-seconds: (\d+)/.exec(workflow)![1]);
    const jobMinutes = Math.max(
      ...[...workflow.matchAll(/timeout-minutes: (\d+)/g)].map(([, minutes]) => Number(minutes)),
    );
    expect(asked).toBeGreaterThanOrEqual(jobMinutes * 60);
    const role = all("aws_iam_role").find(({ name }) => String(name).endsWith("github-deploy"))!;
    expect(role.max_session_duration).toBeGreaterThanOrEqual(asked);
  });

  it("refuse what concerns the buckets that there are", () => {
    const buckets = all("aws_s3_bucket").map(({ bucket }) => String(bucket));
    const denied = rights.find(({ Sid }) => Sid === "KeepsAuditBuckets")!.Resource[0]!.replace("arn:aws:s3:::", "");
    const pattern = new RegExp(`^${denied.replaceAll("*", ".*")}$`);
    expect(buckets.filter((bucket) => pattern.test(bucket))).toEqual([
      "hft-production-eu-west-1-audit-333333333333",
      "hft-production-eu-central-1-audit-333333333333",
    ]);
  });
});
