import { type KubernetesObject, platformEndpoints, synthesizeManifests } from "../../charts";
import { loadEnvironments } from "../../environments";
import { anEnvironment } from "../../environments/an-environment";
import type { NamedContents } from "./pod-run";

/** A loopback address at which nothing listens: an engine bears stores that are away, and its journal is its own. */
const NOBODY = "127.0.0.1:1";

/** The manifests of a small environment, and what a deploy would put into the objects that they only name. */
export function podUnderTest(): { readonly objects: readonly KubernetesObject[]; readonly contents: NamedContents } {
  const [environment] = loadEnvironments({ development: anEnvironment("development") });
  const region = environment!.activeRegion;
  const endpoints = platformEndpoints({
    databaseEndpoint: NOBODY,
    databaseName: "hft",
    cacheEndpoint: NOBODY,
    kafkaBrokers: NOBODY,
    region,
    regionRole: "active",
    backupBucket: "none",
  }) as KubernetesObject & { readonly data: Record<string, string> };
  return {
    objects: synthesizeManifests(environment!, region),
    contents: {
      "platform-endpoints": endpoints.data,
      "engine-secrets": {
        "database.json": JSON.stringify({ username: "hft", password: "a password of a test" }),
        "token-key": "a key of a test, long enough to be taken for one",
      },
    },
  };
}
