import { Names } from "../../vocabulary";
import { type Attributes, Synthesized, statementsOf } from "../testing/synthesized";
import { GithubDeployRoles } from "./github-deploy-roles";

const deployedFrom = (repositoryIds?: { owner: number; repository: number }) =>
  Synthesized.of((scope) => {
    new GithubDeployRoles(scope, "github", {
      names: new Names("production", "global"),
      accountId: "333333333333",
      repository: "acme/hft-platform",
      repositoryIds,
      githubEnvironment: "production",
    });
  });
const roles = deployedFrom();
const role = (name: string, of = roles) => of.all("aws_iam_role").find((each) => String(each.name).endsWith(name))!;
const rights = (name: string) =>
  roles
    .all("aws_iam_role_policy")
    .filter(({ role: of }) => String(of).includes(`github_${name}`))
    .flatMap(({ policy }) => statementsOf(policy));
const subject = (of: Attributes) =>
  (statementsOf(of.assume_role_policy)[0]!.Condition as { StringEquals: Record<string, string[]> }).StringEquals[
    "token.actions.githubusercontent.com:sub"
  ];

describe("GithubDeployRoles", () => {
  it("lets jobs in by a token that GitHub signs, never by a stored key", () => {
    expect(roles.the("aws_iam_openid_connect_provider")).toMatchObject({ client_id_list: ["sts.amazonaws.com"] });
    expect(roles.types()).not.toContain("aws_iam_access_key");
  });

  it("tells pull requests from jobs of the protected environment, exactly", () => {
    expect(subject(role("github-plan"))).toEqual(["repo:acme/hft-platform:pull_request"]);
    expect(subject(role("github-deploy"))).toEqual(["repo:acme/hft-platform:environment:production"]);
  });

  // Source: GitHub Docs, "OpenID Connect", section "Immutable subject claims" (github/docs pull request 45221).
  it("knows both forms in which GitHub names a repository that has numbers", () => {
    const numbered = deployedFrom({ owner: 123456, repository: 456789 });
    expect(subject(role("github-deploy", numbered))).toEqual([
      "repo:acme/hft-platform:environment:production",
      "repo:acme@123456/hft-platform@456789:environment:production",
    ]);
    expect(subject(role("github-plan", numbered))).toContain("repo:acme@123456/hft-platform@456789:pull_request");
  });

  it("lets a pull request read, and write nothing", () => {
    expect(roles.the("aws_iam_role_policy_attachment")).toMatchObject({
      policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess",
      role: expect.stringContaining("github_plan"),
    });
    const allowed = rights("plan").filter(({ Effect }) => Effect === "Allow");
    expect(allowed.flatMap(({ Action }) => Action)).toEqual(["kms:Decrypt"]);
  });

  it.each(["plan", "deploy"])("keeps secrets' values from the %s role", (name) => {
    expect(rights(name)).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Action: ["secretsmanager:GetSecretValue"], Resource: ["*"] }),
    );
  });

  it("lets a deploy give rights only under this environment's names, and only to services", () => {
    const changes = rights("deploy").filter(
      ({ Effect, Action }) => Effect === "Allow" && (Action as string[]).some((each) => /^iam:(?!Get|List)/.test(each)),
    );
    for (const { Resource } of changes) {
      for (const resource of Resource as string[]) {
        expect(resource).toMatch(/\/(hft-production-|aws-service-role\/|token\.actions)/);
      }
    }
    const pass = changes.find(({ Action }) => (Action as string[]).includes("iam:PassRole"));
    expect(pass?.Condition).toHaveProperty("StringEquals");
  });

  it("does not let a deploy widen its own rights", () => {
    const own = rights("deploy").find(({ Sid }) => Sid === "ExtendsNotItself");
    expect(own).toMatchObject({
      Effect: "Deny",
      Resource: ["arn:aws:iam::333333333333:role/hft-production-*github-*"],
    });
  });
});
