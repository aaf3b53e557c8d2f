import { type Check, later, missing, ok } from "../check";

/** A pod whose image is absent waits in ImagePullBackOff, and the workloads stack with it. */
export const RELEASED_IMAGES: Check = {
  id: "PRE-IMG-1",
  title: "released images in the registry",
  instead: "Push the image, or choose a digest that is in the registry.",
  run: ({ releasedImages, environment }, { account }) =>
    Promise.all(
      releasedImages.map(async ({ region, repository, digest }) => {
        const subject = `${region}: ${repository}@${digest.slice(0, 19)}…`;
        const state = await account.image(region, repository, digest);
        if (state === "there") return ok(subject, "there");
        const push = `push it: npm run promote copies a release, the release workflow builds one`;
        if (state === "absent") return missing(subject, "the repository has no such image", push);
        return later(subject, "no repository yet", `deploy ${environment.name}-global, then ${push}`);
      }),
    ),
};

export const FOREIGN_IMAGES: Check = {
  id: "PRE-IMG-2",
  title: "images of other registries",
  instead: "Pin a digest that is still published.",
  run: ({ foreignImages }, { registry }) =>
    Promise.all(
      foreignImages.map(async (image) => {
        const [path = "", digest = ""] = image.split("@");
        const subject = `${path}@${digest.slice(0, 19)}…`;
        if (await registry.has(image)) return ok(subject, "there");
        return missing(subject, "the registry has no such image", "pin a digest that is still published");
      }),
    ),
};
