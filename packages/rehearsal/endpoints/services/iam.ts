import { DEFAULT_ACCOUNT } from "../../provider/configuration";
import { queryAnswer, refusal } from "../aws-answer";
import { has, type Operations } from "./service";

const SERVICE_ROLES = /^AWSServiceRoleFor/;

export const IAM: Operations = {
  GetRole: ({ parameters }, { cloud, settings }) => {
    const name = String(parameters.RoleName);
    const made = cloud.list({ type: "aws_iam_role" }).find(({ attributes }) => attributes.name === name);
    // Roles of an environment come from its own deploy; the account has the others from before.
    const outside = !name.startsWith("hft-") && has(settings.roles, name);
    if (!made && !outside) {
      return refusal("iam", "NoSuchEntity", `The role with name ${name} cannot be found.`, 404);
    }
    const path = SERVICE_ROLES.test(name) ? "/aws-service-role/" : "/";
    const arn = made ? String(made.attributes.arn) : `arn:aws:iam::${accountId(settings)}:role${path}${name}`;
    return queryAnswer("GetRole", {
      Role: {
        Path: path,
        RoleName: name,
        RoleId: "AROAREHEARSAL00000000",
        Arn: arn,
        CreateDate: "2026-01-01T00:00:00Z",
        AssumeRolePolicyDocument: "%7B%7D",
      },
    });
  },
  ListOpenIDConnectProviders: (_, { cloud, settings }) => {
    const made = cloud
      .list({ type: "aws_iam_openid_connect_provider" })
      .map(({ attributes }) => String(attributes.arn));
    const outside = (settings.openIdProviders ?? []).map(
      (host) => `arn:aws:iam::${accountId(settings)}:oidc-provider/${host}`,
    );
    return queryAnswer("ListOpenIDConnectProviders", {
      OpenIDConnectProviderList: { member: [...new Set([...made, ...outside])].map((Arn) => ({ Arn })) },
    });
  },
};

export const STS: Operations = {
  GetCallerIdentity: (_, { settings }) =>
    queryAnswer("GetCallerIdentity", {
      Arn: `arn:aws:iam::${accountId(settings)}:user/rehearsal`,
      UserId: "REHEARSAL",
      Account: accountId(settings),
    }),
};

function accountId({ id = DEFAULT_ACCOUNT }: { readonly id?: string | undefined }): string {
  return id;
}
