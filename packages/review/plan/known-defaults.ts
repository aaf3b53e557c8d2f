import type { Value } from "../language";

/**
 * Defaults that a provider fills in by itself and that are always the same, so that writing them down changes nothing.
 * Source: the schema of the Helm provider 3 (`booldefault.StaticBool` and the like).
 */
const KNOWN_DEFAULTS: Readonly<Record<string, Readonly<Record<string, Value>>>> = {
  helm_release: {
    atomic: false, cleanup_on_fail: false, dependency_update: false, disable_crd_hooks: false,
    disable_openapi_validation: false, disable_webhooks: false, force_update: false, lint: false,
    pass_credentials: false, recreate_pods: false, replace: false, reset_values: false, reuse_values: false,
    skip_crds: false, verify: false, wait_for_jobs: false,
  },
}; // biome-ignore format: one table

export function knownDefault(type: string, path: string): Value | undefined {
  return KNOWN_DEFAULTS[type]?.[path];
}
