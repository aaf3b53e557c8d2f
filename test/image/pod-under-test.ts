import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCertificate } from "@hft/engine/testing/certificates";
import { type KubernetesObject, platformEndpoints, synthesizeManifests } from "../../charts";
import { loadEnvironments } from "../../environments";
import { anEnvironment } from "../../environments/testing";
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
  const objects = synthesizeManifests(environment!, region);
  return {
    objects,
    contents: {
      ...certificatesOf(objects),
      "platform-endpoints": endpoints.data,
      "engine-secrets": {
        "database.json": JSON.stringify({ username: "hft", password: "a password of a test" }),
        "token-key": "a key of a test, long enough to be taken for one",
      },
    },
  };
}

/** What cert-manager would put into the Secret of each Certificate, under its own names. */
function certificatesOf(objects: readonly KubernetesObject[]): NamedContents {
  const scratch = mkdtempSync(join(tmpdir(), "hft-image-"));
  try {
    const { certificateFile, keyFile, caFile } = newCertificate(scratch);
    const text = (file: string) => readFileSync(file, "utf8");
    const secret = { "tls.crt": text(certificateFile), "tls.key": text(keyFile), "ca.crt": text(caFile) };
    const certificates = objects.filter(({ kind }) => kind === "Certificate");
    return Object.fromEntries(certificates.map(({ spec }) => [(spec as { secretName: string }).secretName, secret]));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
