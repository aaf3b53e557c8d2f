import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1";
import { synthesizeManifests } from "../platform";
import { EVERY_SITE } from "../testing/every-site";

/**
 * Kubernetes gives a claim that names no class the default one also when the class comes later: stable since this
 * version.
 */
const CLAIMS_WAIT_SINCE = 28;

describe.each(EVERY_SITE)("storage classes of %s", (_, environment, region) => {
  const objects = synthesizeManifests(environment, region);
  const classes = objects.filter(({ kind }) => kind === "StorageClass") as unknown as (IStorageClass & {
    metadata: { name: string; annotations: Record<string, string> };
  })[];

  // Source: EC2 API Reference (botocore 1.44.8), CreateVolume, KmsKeyId: "Alias ARN. For example,
  // arn:aws:kms:us-east-1:012345678910:alias/…"; the encrypted state must be true. Without it EC2 takes its own key,
  // whose snapshots cannot be shared (EBS User Guide, "Share an encrypted snapshot").
  it("put every volume that a pod claims under the platform's key", () => {
    expect(classes.length).toBeGreaterThanOrEqual(2);
    for (const { provisioner, parameters } of classes) {
      expect(provisioner).toBe("ebs.csi.aws.com");
      expect(parameters).toMatchObject({ encrypted: "true" });
      expect(parameters!.kmsKeyId).toBe(
        `arn:aws:kms:${region}:${environment.accountId}:alias/hft-${environment.name}-${region}-data`,
      );
    }
  });

  // Prometheus and Alertmanager claim volumes in the stack before this one. Source: Kubernetes 1.35, "Persistent
  // Volumes", "Retroactive default StorageClass assignment" (v1.28 stable): such claims get the default when it comes;
  // of two defaults, the newest, which nobody chose.
  it("have one default, which claims of earlier stacks get when it comes", () => {
    const defaults = classes.filter(
      ({ metadata }) => metadata.annotations["storageclass.kubernetes.io/is-default-class"] === "true",
    );
    expect(defaults.map(({ metadata }) => metadata.name)).toEqual(["hft-general"]);
    expect(Number(environment.kubernetes.version.split(".")[1])).toBeGreaterThanOrEqual(CLAIMS_WAIT_SINCE);
  });
});
