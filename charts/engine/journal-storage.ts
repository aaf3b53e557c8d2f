import type { Construct } from "constructs";
import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1";
import { declare } from "../kubernetes/manifest";

export const JOURNAL_STORAGE_CLASS = "hft-journal";

/** Encrypted gp3 with its highest baseline: group commits are many small writes. Kept when the claim goes: it holds orders. */
export function declareJournalStorage(scope: Construct): void {
  declare<IStorageClass>(scope, {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: JOURNAL_STORAGE_CLASS },
    provisioner: "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true", iops: "6000", throughput: "250" },
    reclaimPolicy: "Retain",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
  });
}
