import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { memoryQuantity } from "@hft/toolkit";
import type { IContainer, IEnvVar, IVolume, IVolumeMount } from "kubernetes-models/v1";
import { DATABASE_AUTHORITIES_FILE, databaseAuthorities } from "../database-authorities";
import { TOOL_IMAGES } from "../images";
import { hardenedContainer, scratch } from "../kubernetes/pod";
import { GENERAL_STORAGE_CLASS } from "../kubernetes/storage-classes";
import { PLATFORM_ENDPOINTS } from "../platform-endpoints";
import { DATABASE_LOGIN } from "../secrets/engine-secrets";
import type { Site } from "../site";

/** ConfigMap with all scripts. */
export const SCRIPTS = "backup-scripts";
const FOLDERS = { scripts: "/scripts", work: "/work", login: "/login", temporary: "/tmp" } as const;

/** The scripts as they lie in this repository (tests run the same files), and whom they trust to be the database. */
export function scriptFiles(site: Site): Record<string, string> {
  const folder = join(__dirname, "scripts");
  const scripts = readdirSync(folder)
    .sort()
    .map((name) => [name, readFileSync(join(folder, name), "utf8")] as const);
  const authorities = databaseAuthorities(site);
  return { ...Object.fromEntries(scripts), ...(authorities && { [DATABASE_AUTHORITIES_FILE]: authorities }) };
}

export interface StepProps {
  readonly script: string;
  readonly env?: readonly IEnvVar[];
  readonly mounts?: readonly IVolumeMount[];
}

const MOUNTS: readonly IVolumeMount[] = [
  { name: "scripts", mountPath: FOLDERS.scripts, readOnly: true },
  { name: "work", mountPath: FOLDERS.work },
  { name: "temporary", mountPath: FOLDERS.temporary },
];
const LOGIN_MOUNT: IVolumeMount = { name: "login", mountPath: FOLDERS.login, readOnly: true };

function step(props: StepProps, image: string, env: readonly IEnvVar[], mounts: readonly IVolumeMount[]): IContainer {
  return hardenedContainer({
    name: props.script.replace(".sh", ""),
    image,
    command: ["sh", `${FOLDERS.scripts}/${props.script}`],
    env: [
      { name: "WORK", value: FOLDERS.work },
      { name: "HOME", value: FOLDERS.temporary },
      ...env,
      ...(props.env ?? []),
    ],
    envFrom: [{ configMapRef: { name: PLATFORM_ENDPOINTS.name } }],
    requests: { cpuMillicores: 100, memoryMiB: 128, ephemeralMiB: 128 },
    limits: { cpuMillicores: 1000, memoryMiB: 512, ephemeralMiB: 512 },
    mounts: [...MOUNTS, ...mounts, ...(props.mounts ?? [])],
  });
}

/** A script that speaks to the database. */
export function databaseStep(site: Site, props: StepProps): IContainer {
  const env = [
    { name: "LOGIN", value: FOLDERS.login },
    { name: "PGSSLMODE", value: "verify-full" },
    {
      name: "PGSSLROOTCERT",
      value: databaseAuthorities(site) ? `${FOLDERS.scripts}/${DATABASE_AUTHORITIES_FILE}` : "system",
    },
  ];
  return step(props, TOOL_IMAGES.postgresql, env, [LOGIN_MOUNT]);
}

/** A script that speaks to S3. */
export function storageStep(props: StepProps): IContainer {
  return step(props, TOOL_IMAGES.awsCli, [], []);
}

/**
 * Volumes of a pod made of such steps.
 * @param workGiB room for what is on its way; it is a disk of its own, made and deleted with the pod
 */
export function stepVolumes(workGiB: number): IVolume[] {
  return [
    { name: "scripts", configMap: { name: SCRIPTS } },
    { name: "login", secret: { secretName: DATABASE_LOGIN.name } },
    {
      name: "work",
      ephemeral: {
        volumeClaimTemplate: {
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: GENERAL_STORAGE_CLASS,
            resources: { requests: { storage: memoryQuantity(workGiB * 1024) } },
          },
        },
      },
    },
    scratch("temporary", 64),
  ];
}
