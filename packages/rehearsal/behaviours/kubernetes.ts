import type { Cloud } from "../cloud/cloud";
import { CloudError } from "../cloud/cloud-error";
import { isJsonObject, type Json, type JsonObject } from "../protocol/value";
import type { Behaviours, Resource } from "./behaviour";

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Objects in clusters, and Helm releases. */
export const KUBERNETES: Behaviours = {
  kubernetes_manifest: {
    id: (attributes) => objectName(manifestOf(attributes)),
    planCheck: (resource) => unknownKind(resource),
    check: (resource) => unreachable(resource) ?? missingNamespace(resource) ?? alreadyThere(resource),
    consequences: ({ before, after, cloud }) => {
      if (before && !after) clearNamespace(manifestOf(before.attributes), before.owner, cloud);
    },
  },
  helm_release: {
    id: "{name}",
    computed: {
      status: "deployed",
      metadata: ({ attributes }) => ({
        name: attributes.name ?? "",
        namespace: attributes.namespace ?? "default",
        chart: attributes.chart ?? "",
        version: attributes.version ?? "",
        app_version: attributes.version ?? "",
        revision: 1,
        first_deployed: 0,
        last_deployed: 0,
        notes: "",
        values: "{}",
      }),
      namespace: "default",
    },
    unique: [
      {
        attributes: ["name", "namespace"],
        within: "account",
        code: "Conflict",
        message: "cannot re-use a name that is still in use: {namespace}/{name}",
      },
    ],
    check: unreachable,
  },
};

/** Kinds that no chart has to bring: groups of Kubernetes itself. */
const BUILT_IN = /^(v1|(apps|batch|autoscaling|policy|[a-z0-9.-]+\.k8s\.io)\/v\d+((alpha|beta)\d+)?)$/;

/** Groups of kinds that operators define, with the Helm charts that bring them. */
const BROUGHT_BY: Readonly<Record<string, readonly string[]>> = {
  "acme.cert-manager.io": ["cert-manager"],
  "cert-manager.io": ["cert-manager"],
  "elbv2.k8s.aws": ["aws-load-balancer-controller"],
  "external-secrets.io": ["external-secrets"],
  "karpenter.k8s.aws": ["karpenter", "karpenter-crd"],
  "karpenter.sh": ["karpenter", "karpenter-crd"],
  "monitoring.coreos.com": ["kube-prometheus-stack", "prometheus-operator-crds"],
};

/** The plan of a manifest asks the cluster for its schema, so the kind has to exist already. */
function unknownKind({ attributes, owner, cloud }: Resource): CloudError | undefined {
  const manifest = manifestOf(attributes);
  const [group = ""] = (manifest.apiVersion ?? "v1").split("/");
  const charts = BROUGHT_BY[group];
  if (!charts && (BUILT_IN.test(manifest.apiVersion ?? "v1") || !manifest.kind)) return undefined;
  const releases = cloud.list({ type: "helm_release", owner });
  if (charts && releases.some((release) => charts.includes(String(release.attributes.chart)))) return undefined;
  const remedy = charts ? `it comes with the Helm chart ${charts.join(" or ")}` : "nothing here brings it";
  return new CloudError(
    "NoKindMatch",
    `API did not recognize GroupVersionKind from manifest (CRD may not be installed): no matches for kind "${manifest.kind}" in group "${group}"; ${remedy}`,
    404,
  );
}

function unreachable({ owner, cloud }: Resource): CloudError | undefined {
  const clusters = cloud.list({ type: "aws_eks_cluster" });
  if (clusters.some(({ attributes }) => attributes.endpoint === owner)) return undefined;
  return new CloudError("Unreachable", `dial tcp: lookup ${owner.replace("https://", "")}: no such host`, 503);
}

/** Namespaces that every cluster has. */
const DEFAULT_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease"];

function missingNamespace({ attributes, owner, cloud }: Resource): CloudError | undefined {
  const { namespace } = manifestOf(attributes).metadata;
  if (namespace === undefined || DEFAULT_NAMESPACES.includes(namespace)) return undefined;
  const namespaces = cloud.list({ type: "kubernetes_manifest", owner, id: objectName(namespaceNamed(namespace)) });
  const releases = cloud.list({ type: "helm_release", owner });
  const isMade = releases.some(
    (release) => release.attributes.namespace === namespace && release.attributes.create_namespace === true,
  );
  if (namespaces.length > 0 || isMade) return undefined;
  return new CloudError("NotFound", `namespaces "${namespace}" not found`, 404);
}

function alreadyThere({ attributes, before, owner, cloud }: Resource): CloudError | undefined {
  if (before) return undefined;
  const manifest = manifestOf(attributes);
  const name = objectName(manifest);
  if (cloud.list({ type: "kubernetes_manifest", owner, id: name }).length === 0) return undefined;
  return new CloudError("AlreadyExists", `Cannot create resource that already exists: ${name}`, 409);
}

/** What lies in a namespace goes with it. */
function clearNamespace(manifest: Manifest, owner: string, cloud: Cloud): void {
  if (manifest.kind !== "Namespace") return;
  const inside = cloud
    .list({ type: "kubernetes_manifest", owner })
    .filter(({ attributes }) => manifestOf(attributes).metadata.namespace === manifest.metadata.name);
  for (const object of inside) cloud.remove(object);
}

function namespaceNamed(name: string): Manifest {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** As the provider's import writes it. */
function objectName({ apiVersion, kind, metadata }: Manifest): string {
  const namespace = metadata.namespace === undefined ? "" : `namespace=${metadata.namespace},`;
  return `apiVersion=${apiVersion},kind=${kind},${namespace}name=${metadata.name}`;
}

/** The manifest of a planned resource, or of a stored one, where its type lies beside it. */
function manifestOf({ manifest }: JsonObject): Manifest {
  const given: Json = manifest ?? {};
  const content = isJsonObject(given) && "type" in given && "value" in given ? given.value! : given;
  return { metadata: { name: "" }, ...(content as object) } as Manifest;
}
