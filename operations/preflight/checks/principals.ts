import { type Check, later, missing, ok } from "../check";

/** EKS answers `InvalidParameterException: … invalid principal` for an access entry of a role that is not there. */
export const PRINCIPALS: Check = {
  id: "PRE-IAM-1",
  title: "IAM roles of access entries",
  instead: "Create the role, or remove it from `kubernetes.access`.",
  run: ({ principals, environment, resources }, { account }) => {
    const made = new Set(resources.filter(({ type }) => type === "aws_iam_role").map(({ body }) => String(body.name)));
    return Promise.all(
      [...new Set(principals)].map(async (arn) => {
        const [, accountId = "", name = ""] = /^arn:[\w-]+:iam::(\d{12}):role\/(.+)$/.exec(arn) ?? [];
        if (accountId !== environment.accountId) {
          const remedy = "EKS accepts only roles of the cluster's account; name one of them";
          return missing(arn, `a role of account ${accountId}`, remedy);
        }
        if (await account.roleExists(name)) return ok(`role ${name}`, "exists");
        if (made.has(name)) return later(`role ${name}`, "not yet", "a stack of this deploy creates it");
        const remedy = `create it before the cluster is deployed, or remove it from kubernetes.access in environments/${environment.name}.ts`;
        return missing(`role ${name}`, "does not exist", remedy);
      }),
    );
  },
};

const GITHUB = "token.actions.githubusercontent.com";

/** An account has one provider for an issuer; IAM refuses a second one, and the global stack makes it. */
export const GITHUB_PROVIDER: Check = {
  id: "PRE-IAM-2",
  title: "GitHub's OpenID Connect provider",
  instead: "Create the provider if no stack does; import it if it exists already.",
  run: async ({ resources, environment }, { account }) => {
    const made = resources.find(
      ({ type, body }) => type === "aws_iam_openid_connect_provider" && String(body.url).endsWith(GITHUB),
    );
    const exists = (await account.openIdProviders()).includes(GITHUB);
    if (!made) {
      const remedy = "create it, so that workflows can sign in";
      return [exists ? ok(GITHUB, "exists") : missing(GITHUB, "does not exist, and no stack creates it", remedy)];
    }
    if (!exists) return [ok(GITHUB, `none yet; ${made.stack} creates it`)];
    if (await account.roleExists(`hft-${environment.name}-global-github-deploy`)) return [ok(GITHUB, "deployed")];
    const address = `${made.type}.${made.id}`;
    const arn = `arn:aws:iam::${environment.accountId}:oidc-provider/${GITHUB}`;
    const remedy = `import it: terraform import ${address} ${arn} in stack ${made.stack}`;
    return [missing(GITHUB, "exists already, but not created by this platform; IAM refuses a second one", remedy)];
  },
};
