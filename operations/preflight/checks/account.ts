import { type Check, missing, ok } from "../check";

/** Terraform's provider refuses another account (`allowed_account_ids`), but only once a deploy has begun. */
export const CALLER: Check = {
  id: "PRE-ACC-1",
  title: "credentials of the right account",
  instead: "Sign in to the account of the environment, or correct `accountId`.",
  run: async ({ environment }, { account }) => {
    const { accountId, arn } = await account.caller();
    const subject = `account ${environment.accountId}`;
    if (accountId === environment.accountId) return [ok(subject, arn)];
    const remedy = `sign in to ${environment.accountId}, or correct accountId in environments/${environment.name}.ts`;
    return [missing(subject, `the credentials are of ${accountId} (${arn})`, remedy)];
  },
};

export const REGIONS: Check = {
  id: "PRE-REG-1",
  title: "enabled regions",
  instead: "Enable the region for the account.",
  run: ({ regions }, { account }) =>
    Promise.all(
      regions.map(async (region) =>
        (await account.regionEnabled(region))
          ? ok(region, "enabled")
          : missing(region, "not enabled for this account", `aws account enable-region --region-name ${region}`),
      ),
    ),
};

export const ZONES: Check = {
  id: "PRE-REG-2",
  title: "zones of the regions",
  instead: "Choose from the account's zones.",
  run: async ({ environment }, { account }) => {
    const answers = await Promise.all(
      environment.regions.map(async ({ name, zones }) => {
        const available = await account.zones(name);
        return zones.map((letter) => {
          const zone = name + letter;
          if (available.includes(zone)) return ok(zone, "available");
          const letters = available.map((each) => each.slice(name.length)).join(", ") || "none";
          const remedy = `choose from ${letters} in regions of environments/${environment.name}.ts`;
          return missing(zone, "this account has no such zone", remedy);
        });
      }),
    );
    return answers.flat();
  },
};
