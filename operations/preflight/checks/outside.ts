import { type Check, later, missing, ok } from "../check";

/** A secret without a value is a file that no pod gets, and the pod waits for it. */
export const SECRETS: Check = {
  id: "PRE-SEC-1",
  title: "secrets with values from outside",
  instead: "Put a value into the secret.",
  run: ({ secretsFromOutside, regions: [home = ""], environment }, { account }) =>
    Promise.all(
      secretsFromOutside.map(async (name) => {
        const state = await account.secret(home, name);
        if (state === "filled") return ok(name, "has a value");
        const put = `aws secretsmanager put-secret-value --region ${home} --secret-id ${name} --secret-string file://value`;
        if (state === "empty") return missing(name, "has no value", put);
        return later(name, "does not exist yet", `deploy ${environment.name}-global, then ${put}`);
      }),
    ),
};

/** Names of buckets are shared by all accounts of the world. */
export const BUCKETS: Check = {
  id: "PRE-S3-1",
  title: "names of buckets",
  instead: "Change the name of the environment: bucket names are shared by all accounts.",
  run: ({ buckets, regions, environment }, { account }) =>
    Promise.all(
      buckets.map(async (name) => {
        const region = regions.find((each) => name.includes(each)) ?? regions[0]!;
        const state = await account.bucket(region, name);
        if (state !== "others") return ok(name, state === "free" ? "free" : "deployed");
        const remedy = `it belongs to another account; change the name of environment ${environment.name}`;
        return missing(name, "taken, or not readable with these credentials", remedy);
      }),
    ),
};
