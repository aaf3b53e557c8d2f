import type { ReplacementFacts } from "./replacement-facts";

/** Cloudflare: identifiers of the owning account or zone and the names that the API cannot change. */
const CLOUDFLARE: ReplacementFacts = {
  cloudflare_account: [],
  cloudflare_api_token: [],
  cloudflare_authenticated_origin_pulls: ["zone_id"],
  cloudflare_authenticated_origin_pulls_certificate: ["certificate", "private_key", "zone_id"],
  cloudflare_authenticated_origin_pulls_settings: ["zone_id"],
  cloudflare_certificate_pack: [
    "certificate_authority",
    "hosts",
    "type",
    "validation_method",
    "validity_days",
    "zone_id",
  ],
  cloudflare_dns_record: ["zone_id"],
  cloudflare_filter: ["zone_id"],
  cloudflare_healthcheck: ["zone_id"],
  cloudflare_list: ["account_id", "kind", "name"],
  cloudflare_load_balancer: ["zone_id"],
  cloudflare_load_balancer_monitor: ["account_id"],
  cloudflare_load_balancer_pool: ["account_id"],
  cloudflare_logpush_job: ["account_id", "dataset", "zone_id"],
  cloudflare_managed_transforms: ["zone_id"],
  cloudflare_notification_policy: ["account_id"],
  cloudflare_origin_ca_certificate: ["csr", "hostnames", "request_type", "requested_validity"],
  cloudflare_page_rule: ["zone_id"],
  cloudflare_ruleset: ["account_id", "kind", "name", "phase", "zone_id"],
  cloudflare_tiered_cache: ["zone_id"],
  cloudflare_zone: ["account", "name"],
  cloudflare_zone_dnssec: ["zone_id"],
  cloudflare_zone_setting: ["setting_id", "zone_id"],
};

/** Kubernetes objects are addressed by kind, namespace and name; typed resources carry the kind in their type. */
const OBJECT_IDENTITY = ["metadata.name", "metadata.namespace", "metadata.generate_name"] as const;

const KUBERNETES: ReplacementFacts = {
  kubernetes_manifest: [
    "manifest.apiVersion",
    "manifest.kind",
    "manifest.metadata.name",
    "manifest.metadata.namespace",
  ],
  kubernetes_annotations: ["api_version", "kind", "metadata"],
  kubernetes_labels: ["api_version", "kind", "metadata"],
  kubernetes_config_map: [...OBJECT_IDENTITY, "immutable"],
  kubernetes_config_map_v1: [...OBJECT_IDENTITY, "immutable"],
  kubernetes_secret: [...OBJECT_IDENTITY, "immutable", "type"],
  kubernetes_secret_v1: [...OBJECT_IDENTITY, "immutable", "type"],
  kubernetes_namespace: ["metadata.name", "metadata.generate_name"],
  kubernetes_namespace_v1: ["metadata.name", "metadata.generate_name"],
  kubernetes_service: OBJECT_IDENTITY,
  kubernetes_service_v1: OBJECT_IDENTITY,
  kubernetes_service_account: OBJECT_IDENTITY,
  kubernetes_service_account_v1: OBJECT_IDENTITY,
  kubernetes_deployment: [...OBJECT_IDENTITY, "spec.selector"],
  kubernetes_deployment_v1: [...OBJECT_IDENTITY, "spec.selector"],
  kubernetes_stateful_set: [...OBJECT_IDENTITY, "spec.selector", "spec.service_name", "spec.pod_management_policy"],
  kubernetes_stateful_set_v1: [...OBJECT_IDENTITY, "spec.selector", "spec.service_name", "spec.pod_management_policy"],
  kubernetes_storage_class: [
    "metadata.name",
    "parameters",
    "reclaim_policy",
    "storage_provisioner",
    "volume_binding_mode",
  ],
  kubernetes_storage_class_v1: [
    "metadata.name",
    "parameters",
    "reclaim_policy",
    "storage_provisioner",
    "volume_binding_mode",
  ],
  kubernetes_cluster_role_binding: ["metadata.name", "role_ref"],
  kubernetes_cluster_role_binding_v1: ["metadata.name", "role_ref"],
  kubernetes_role_binding: [...OBJECT_IDENTITY, "role_ref"],
  kubernetes_role_binding_v1: [...OBJECT_IDENTITY, "role_ref"],
};

const HELM: ReplacementFacts = { helm_release: ["name", "namespace"] };

/** Every input of a random resource is part of its value. */
const RANDOM: ReplacementFacts = {
  random_bytes: ["keepers", "length"],
  random_id: ["byte_length", "keepers", "prefix"],
  random_integer: ["keepers", "max", "min", "seed"],
  random_password: [
    "keepers",
    "length",
    "lower",
    "min_lower",
    "min_numeric",
    "min_special",
    "min_upper",
    "number",
    "numeric",
    "override_special",
    "special",
    "upper",
  ],
  random_pet: ["keepers", "length", "prefix", "separator"],
  random_shuffle: ["input", "keepers", "result_count", "seed"],
  random_string: [
    "keepers",
    "length",
    "lower",
    "min_lower",
    "min_numeric",
    "min_special",
    "min_upper",
    "number",
    "numeric",
    "override_special",
    "special",
    "upper",
  ],
  random_uuid: ["keepers"],
};

export const OTHER_REPLACEMENTS: ReplacementFacts = { ...CLOUDFLARE, ...KUBERNETES, ...HELM, ...RANDOM };
