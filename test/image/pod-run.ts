import { chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { IContainer, IEnvVar, IPodSpec, IVolume, IVolumeMount } from "kubernetes-models/v1";
import type { KubernetesObject } from "../../charts";
import { type RunDescription, refuseUnknown } from "./run-arguments";

interface StatefulSet {
  readonly template: { readonly metadata: { readonly labels: Record<string, string> }; readonly spec: IPodSpec };
  readonly volumeClaimTemplates: readonly { readonly metadata: { readonly name: string } }[];
}

/** Contents of what the manifests only name, by kind and name: ConfigMaps of others, and Secrets. */
export type NamedContents = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Label with the pod's place in its set; the StatefulSet's controller sets it. */
const POD_INDEX = { "apps.kubernetes.io/pod-index": "0" };
/** What decides where and when a pod runs, and what the container's runtime has no part in. */
const SCHEDULING = [
  ...["affinity", "automountServiceAccountToken", "dnsConfig", "enableServiceLinks", "nodeSelector"],
  ...["priorityClassName", "serviceAccountName", "tolerations"],
];
const ASKED_BY_KUBELET = ["imagePullPolicy", "lifecycle", "livenessProbe", "ports", "readinessProbe", "startupProbe"];

/**
 * The first pod of the engine's StatefulSet as a node would run it. The kubelet's own part, filling the volumes, is
 * done as Kubernetes documents it: files of ConfigMaps and Secrets, an empty folder open to all, a disk that belongs to
 * `fsGroup`. Huge pages are a plain folder: the allocator then takes ordinary ones, as it does on a node that has none
 * left.
 */
export function podRun(objects: readonly KubernetesObject[], contents: NamedContents, scratch: string): RunDescription {
  const set = objects.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "engine");
  if (!set) throw new Error("the manifests have no StatefulSet engine");
  const { template, volumeClaimTemplates } = set.spec as unknown as StatefulSet;
  const { spec } = template;
  refuseUnknown("the engine's pod", spec, [
    ...SCHEDULING,
    ...["containers", "securityContext", "terminationGracePeriodSeconds", "volumes"],
  ]);
  const [container] = spec.containers as [IContainer];
  refuseUnknown("the engine's container", container, [
    ...ASKED_BY_KUBELET,
    ...["name", "image", "env", "envFrom", "resources", "securityContext", "volumeMounts"],
  ]);
  const labels = { ...template.metadata.labels, ...POD_INDEX };
  const configMaps = Object.fromEntries(
    objects.filter(({ kind }) => kind === "ConfigMap").map(({ metadata, data }) => [metadata.name, data]),
  ) as NamedContents;
  const files: NamedContents = { ...configMaps, ...contents };
  const claims = volumeClaimTemplates.map(({ metadata }) => ({ name: metadata.name, claim: true }));
  const volumes = [...(spec.volumes ?? []), ...claims].map((volume) => fill(volume, files, spec, scratch));
  const mounts = container.volumeMounts ?? [];
  const isReadOnly = ({ readOnly }: IVolumeMount) => readOnly === true;
  return {
    title: "as the pod",
    arguments: [
      ...securityArguments(spec, container),
      ...resourceArguments(container),
      ...environmentArguments(container, labels, files),
      ...mounts.flatMap((mount) => mountArguments(mount, volumes)),
    ],
    graceSeconds: spec.terminationGracePeriodSeconds!,
    promised: {
      user: container.securityContext!.runAsUser!,
      writable: mounts.filter((mount) => !isReadOnly(mount)).map(({ mountPath }) => mountPath),
      readOnly: ["/", ...mounts.filter(isReadOnly).map(({ mountPath }) => mountPath)],
    },
    token: { keyFile: join(scratch, "secrets", "token-key") },
  };
}

function securityArguments({ securityContext: pod }: IPodSpec, { securityContext: own }: IContainer): string[] {
  refuseUnknown("the pod's securityContext", pod!, [
    ...["fsGroup", "fsGroupChangePolicy", "runAsGroup", "runAsNonRoot", "runAsUser", "seccompProfile"],
  ]);
  refuseUnknown("the container's securityContext", own!, [
    ...["allowPrivilegeEscalation", "capabilities", "privileged", "readOnlyRootFilesystem", "runAsGroup"],
    ...["runAsNonRoot", "runAsUser", "seccompProfile"],
  ]);
  // Podman's own seccomp profile is its default, as the runtime's is with `RuntimeDefault`.
  return [
    `--user=${own!.runAsUser}:${own!.runAsGroup}`,
    `--group-add=${pod!.fsGroup}`,
    ...(own!.readOnlyRootFilesystem ? ["--read-only", "--read-only-tmpfs=false"] : []),
    ...(own!.allowPrivilegeEscalation === false ? ["--security-opt=no-new-privileges"] : []),
    ...(own!.capabilities?.drop ?? []).map((name) => `--cap-drop=${name}`),
    ...(own!.capabilities?.add ?? []).map((name) => `--cap-add=${name}`),
  ];
}

function resourceArguments({ resources }: IContainer): string[] {
  const { cpu, memory } = resources!.limits as Record<string, string>;
  // Kubernetes' `Gi` is podman's `g`: both are powers of two.
  return [`--cpus=${cpu}`, `--memory=${memory!.replace(/i$/, "").toLowerCase()}`];
}

function environmentArguments(
  { env = [], envFrom = [] }: IContainer,
  labels: Readonly<Record<string, string>>,
  contents: NamedContents,
): string[] {
  const textOf = ({ name, value, valueFrom }: IEnvVar): string => {
    if (value !== undefined) return value;
    const [, label] = /^metadata\.labels\['(.+)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? "") ?? [];
    if (!label || !labels[label]) throw new Error(`nothing here knows the value of the pod's variable ${name}`);
    return labels[label];
  };
  const fromMaps = envFrom.flatMap(({ configMapRef }) => Object.entries(contents[configMapRef!.name!]!));
  return [...fromMaps, ...env.map((one) => [one.name, textOf(one)])].map(([name, value]) => `--env=${name}=${value}`);
}

type IProjected = NonNullable<IVolume["projected"]>;

interface FilledVolume {
  readonly name: string;
  readonly directory: string;
}

function fill(
  volume: IVolume & { readonly claim?: boolean },
  contents: NamedContents,
  { securityContext }: IPodSpec,
  scratch: string,
): FilledVolume {
  refuseUnknown(`the pod's volume ${volume.name}`, volume, [
    "name",
    "configMap",
    "secret",
    "projected",
    "emptyDir",
    "claim",
  ]);
  const directory = join(scratch, volume.name);
  mkdirSync(directory, { recursive: true });
  const source = volume.configMap?.name ?? volume.secret?.secretName;
  for (const [file, text] of Object.entries(source ? contents[source]! : {})) {
    writeFileSync(join(directory, file), text, { mode: 0o644 });
  }
  if (volume.projected) project(volume.projected, contents, securityContext!.fsGroup!, directory);
  if (volume.emptyDir) chmodSync(directory, 0o777);
  if (volume.claim) {
    chownSync(directory, 0, securityContext!.fsGroup!);
    chmodSync(directory, 0o2775);
  }
  return { name: volume.name, directory };
}

/** Several Secrets in one folder, their keys under other names. Files belong to `fsGroup`, as the kubelet has them. */
function project({ defaultMode, sources = [] }: IProjected, contents: NamedContents, group: number, directory: string) {
  for (const source of sources) {
    refuseUnknown("the source of a projected volume", source, ["secret"]);
    const { name, items = [], optional } = source.secret!;
    const data = contents[name!];
    if (!data && optional) continue;
    if (!data) throw new Error(`nothing here knows the Secret ${name}`);
    for (const { key, path } of items) {
      const file = join(directory, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, data[key]!);
      chownSync(file, 0, group);
      chmodSync(file, defaultMode!);
    }
  }
}

function mountArguments(mount: IVolumeMount, volumes: readonly FilledVolume[]): string[] {
  refuseUnknown(`the mount of ${mount.name}`, mount, ["name", "mountPath", "readOnly"]);
  const { directory } = volumes.find(({ name }) => name === mount.name)!;
  return [`--volume=${directory}:${mount.mountPath}:${mount.readOnly ? "ro" : "rw"}`];
}
