import type { Construct } from "constructs";
import type { IRole, IRoleBinding } from "kubernetes-models/rbac.authorization.k8s.io/v1";
import { JOURNAL_CLAIM } from "../engine/engine";
import { ENGINE_PATHS } from "../engine/engine-configuration";
import { enginePodLane } from "../engine/lane";
import { enginesOf } from "../engine/replicas";
import { declareFiles } from "../kubernetes/configuration-files";
import { type NetworkPeer, tcp } from "../kubernetes/connections";
import { declare } from "../kubernetes/manifest";
import { outsideTls } from "../kubernetes/protection";
import { apiServerAddress } from "../kubernetes/service-range";
import { NAMESPACES } from "../namespaces";
import type { Site } from "../site";
import { BackupJob } from "./backup-job";
import { BACKUP_FOLDERS } from "./folders";
import { databaseStep, SCRIPTS, scriptFiles, storageStep } from "./script-step";

const HOUR_SECONDS = 3600;
const LABELS = { "app.kubernetes.io/part-of": "hft-platform" };

/** Saves database, journals and configuration, and brings the database back. */
export function declareBackups(scope: Construct, site: Site): void {
  declareFiles(scope, { name: SCRIPTS, namespace: "trading", labels: LABELS }, scriptFiles(site));
  backUpDatabase(scope, site);
  backUpJournal(scope, site);
  backUpConfiguration(scope, site);
  restoreDatabase(scope, site);
}

const kind = (value: string) => [{ name: "KIND", value }];
/** A dump is smaller than the database; half of its first size is room enough. */
const dumpGiB = ({ environment }: Site) => Math.ceil(environment.database.storageGiB / 2);

/** Every six hours; the first dump of a day is kept for longer. */
function backUpDatabase(scope: Construct, site: Site): void {
  new BackupJob(scope, site, {
    name: "database-backup",
    schedule: "15 */6 * * *",
    aws: [
      { kind: "write-backups", folder: BACKUP_FOLDERS.database },
      { kind: "write-backups", folder: BACKUP_FOLDERS.databaseDaily },
    ],
    steps: [
      databaseStep(site, { script: "dump.sh" }),
      storageStep({ script: "upload-database.sh" }),
      databaseStep(site, { script: "record.sh", env: kind("database") }),
    ],
    workGiB: dumpGiB(site),
    deadlineSeconds: HOUR_SECONDS,
    retries: 2,
  });
}

/**
 * Every hour, from the disk of the last engine, which stands by: its journal is the active one's. The job has to run on
 * the same node, since the disk is attached there.
 */
function backUpJournal(scope: Construct, site: Site): void {
  const { pool, tolerations } = enginePodLane(site);
  const ordinal = enginesOf(site.environment) - 1;
  const engine = `engine-${ordinal}`;
  const matchLabels = { "app.kubernetes.io/name": "engine", "apps.kubernetes.io/pod-index": String(ordinal) };
  new BackupJob(scope, site, {
    name: "journal-backup",
    schedule: "5 * * * *",
    aws: [{ kind: "write-backups", folder: BACKUP_FOLDERS.journal }],
    steps: [
      storageStep({
        script: "upload-journal.sh",
        env: [
          { name: "DATA", value: ENGINE_PATHS.data },
          { name: "ENGINE", value: `${site.region.name}/${engine}` },
        ],
        mounts: [{ name: "data", mountPath: ENGINE_PATHS.data, readOnly: true }],
      }),
      databaseStep(site, { script: "record.sh", env: kind("journal") }),
    ],
    workGiB: 1,
    volumes: [{ name: "data", persistentVolumeClaim: { claimName: `${JOURNAL_CLAIM}-${engine}`, readOnly: true } }],
    deadlineSeconds: HOUR_SECONDS,
    retries: 2,
    placement: {
      pool,
      tolerations: [...tolerations],
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { labelSelector: { matchLabels }, topologyKey: "kubernetes.io/hostname" },
          ],
        },
      },
    },
  });
}

/** What is kept of every namespace: API group and resource. Secrets stay where they are. */
const RESOURCES = [
  "api/v1/configmaps",
  "api/v1/services",
  "apis/apps/v1/deployments",
  "apis/apps/v1/statefulsets",
  "apis/autoscaling/v2/horizontalpodautoscalers",
  "apis/batch/v1/cronjobs",
  "apis/networking.k8s.io/v1/networkpolicies",
  "apis/policy/v1/poddisruptionbudgets",
] as const;

/** Every day. Needs to read the API server, so it is the one job with a token, for an hour at a time. */
function backUpConfiguration(scope: Construct, site: Site): void {
  const folder = "/var/run/secrets/cluster";
  const job = new BackupJob(scope, site, {
    name: "configuration-backup",
    schedule: "45 1 * * *",
    aws: [{ kind: "write-backups", folder: BACKUP_FOLDERS.configuration }],
    steps: [
      storageStep({
        script: "upload-configuration.sh",
        env: [
          { name: "NAMESPACES", value: Object.keys(NAMESPACES).join(" ") },
          { name: "RESOURCES", value: RESOURCES.join(" ") },
        ],
        mounts: [{ name: "account", mountPath: folder, readOnly: true }],
      }),
      databaseStep(site, { script: "record.sh", env: kind("configuration") }),
    ],
    workGiB: 1,
    volumes: [
      {
        name: "account",
        projected: {
          sources: [
            { serviceAccountToken: { path: "token", expirationSeconds: HOUR_SECONDS } },
            { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          ],
        },
      },
    ],
    deadlineSeconds: HOUR_SECONDS / 2,
    retries: 2,
  });
  job.connectTo(
    apiServer(site),
    tcp(443),
    "objects of the cluster",
    outsideTls(
      "the API server presents a certificate of the cluster's CA; the job presents its service account's token",
    ),
  );
  for (const namespace of Object.keys(NAMESPACES)) declareReader(scope, namespace, job.name);
}

/** First address of the range of services, and the control plane's own addresses in the region's network. */
function apiServer({ environment, region }: Site): NetworkPeer {
  return { kind: "network", name: "api-server", cidrs: [`${apiServerAddress(environment)}/32`, region.cidr] };
}

function declareReader(scope: Construct, namespace: string, account: string): void {
  const metadata = { name: account, namespace, labels: LABELS };
  declare<IRole>(scope, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata,
    rules: RESOURCES.map((resource) => {
      const parts = resource.split("/");
      return { apiGroups: [parts[0] === "api" ? "" : parts[1]!], resources: [parts.at(-1)!], verbs: ["list"] };
    }),
  });
  declare<IRoleBinding>(scope, {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata,
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: account },
    subjects: [{ kind: "ServiceAccount", name: account, namespace: "trading" }],
  });
}

/** Started by a person: `kubectl create job --from=cronjob/database-restore …`. Takes the newest whole backup. */
function restoreDatabase(scope: Construct, site: Site): void {
  new BackupJob(scope, site, {
    name: "database-restore",
    aws: [{ kind: "read-backups", folder: BACKUP_FOLDERS.database }],
    steps: [storageStep({ script: "download.sh" }), databaseStep(site, { script: "restore.sh" })],
    workGiB: dumpGiB(site),
    deadlineSeconds: 2 * HOUR_SECONDS,
    retries: 0,
  });
}
