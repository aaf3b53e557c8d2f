import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { Construct } from "constructs";
import type { Names } from "../../vocabulary";
import { deployRights, planRights } from "./deploy-rights";
import { policyDocument } from "./policy";
import { ServiceRole } from "./service-role";

const ISSUER = "token.actions.githubusercontent.com";
/** A production deploy of both regions waits for databases and clusters. */
const DEPLOY_SESSION_SECONDS = 4 * 3600;

export interface GithubDeployRolesProps {
  readonly names: Names;
  readonly accountId: string;
  /** `owner/name` */
  readonly repository: string;
  /**
   * Numbers of owner and repository, which tokens of newer repositories carry beside the names.
   * @default - none: tokens have names alone
   */
  readonly repositoryIds?: { readonly owner: number; readonly repository: number };
  /** Environment of GitHub whose jobs may deploy; its reviewers are set in GitHub. */
  readonly githubEnvironment: string;
}

/**
 * Lets workflows of one repository into this account without a stored key: GitHub signs a token for each job, AWS
 * trades it for a session. Pull requests may plan and read, jobs of the protected GitHub environment may deploy.
 */
export class GithubDeployRoles extends Construct {
  /** ARN that the role of an environment has: for stacks that give it rights elsewhere. */
  static arnOf(names: Names, accountId: string, role: "plan" | "deploy"): string {
    return `arn:aws:iam::${accountId}:role/${names.in("global").of(`github-${role}`, 64)}`;
  }

  readonly planRoleArn: string;
  readonly deployRoleArn: string;

  constructor(scope: Construct, id: string, props: GithubDeployRolesProps) {
    super(scope, id);
    const { names } = props;
    const provider = new IamOpenidConnectProvider(this, "github", {
      url: `https://${ISSUER}`,
      clientIdList: ["sts.amazonaws.com"],
    });
    const trust = (subject: string) => trustGithub(provider.arn, subjects(props, subject));
    this.planRoleArn = new ServiceRole(this, "plan", {
      names,
      name: "github-plan",
      description: "Plans what a pull request would change; reads, never writes",
      trust: trust("pull_request"),
      managedPolicies: ["ReadOnlyAccess"],
      statements: planRights(names.environment),
    }).arn;
    this.deployRoleArn = new ServiceRole(this, "deploy", {
      names,
      name: "github-deploy",
      description: "Deploys what has been reviewed",
      trust: trust(`environment:${props.githubEnvironment}`),
      statements: deployRights(names.environment, props.accountId),
      maxSessionSeconds: DEPLOY_SESSION_SECONDS,
    }).arn;
  }
}

/**
 * What a token's `sub` may be. A repository that has numbers sends the second form and never again the first; the first
 * stays for the time before it is renamed or transferred.
 * Sources: GitHub changelog of 2026-04-23, "Immutable subject claims for GitHub Actions OIDC tokens"; GitHub Docs,
 * "OpenID Connect".
 */
function subjects({ repository, repositoryIds }: GithubDeployRolesProps, subject: string): string[] {
  const named = `repo:${repository}:${subject}`;
  if (!repositoryIds) return [named];
  const [owner, name] = repository.split("/");
  return [named, `repo:${owner}@${repositoryIds.owner}/${name}@${repositoryIds.repository}:${subject}`];
}

/** Source: GitHub Docs, "Configuring OpenID Connect in Amazon Web Services". */
function trustGithub(providerArn: string, accepted: readonly string[]): string {
  return policyDocument({
    Effect: "Allow",
    Action: ["sts:AssumeRoleWithWebIdentity"],
    Principal: { Federated: providerArn },
    Condition: { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com", [`${ISSUER}:sub`]: accepted } },
  });
}
