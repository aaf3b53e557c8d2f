import type { Construct } from "constructs";
import type { IStorageClass } from "kubernetes-models/storage.k8s.io/v1";
import { dataKeyAliasArn } from "../../vocabulary";
import type { Site } from "../site";
import { declare } from "./manifest";

export const JOURNAL_STORAGE_CLASS = "hft-journal";
export const GENERAL_STORAGE_CLASS = "hft-general";

interface Disk {
  readonly name: string;
  readonly reclaimPolicy: "Retain" | "Delete";
  /** What gp3 is asked for beyond its kind. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly isDefault: boolean;
}

const DISKS: readonly Disk[] = [
  // gp3's highest baseline: group commits are many small writes. Kept when the claim goes: it holds orders.
  {
    name: JOURNAL_STORAGE_CLASS,
    reclaimPolicy: "Retain",
    parameters: { iops: "6000", throughput: "250" },
    isDefault: false,
  },
  // EKS brings no default class since 1.30.
  { name: GENERAL_STORAGE_CLASS, reclaimPolicy: "Delete", parameters: {}, isDefault: true },
];

/** Disks under the platform's key, made in the zone where the pod is placed. */
export function declareStorageClasses(scope: Construct, { environment, names }: Site): void {
  const kmsKeyId = dataKeyAliasArn(names, environment.accountId);
  for (const { name, reclaimPolicy, parameters, isDefault } of DISKS) {
    declare<IStorageClass>(scope, {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name, annotations: { "storageclass.kubernetes.io/is-default-class": String(isDefault) } },
      provisioner: "ebs.csi.aws.com",
      parameters: { type: "gp3", encrypted: "true", kmsKeyId, ...parameters },
      reclaimPolicy,
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
  }
}
