import { faultLine } from "../../vocabulary";

/**
 * Everything that synthesis refuses of an environment that is right in itself: what it means, and what to write
 * instead.
 */
export const SYNTHESIS_CODES = {
  "HFT-SYN-001": {
    means: "Both regions use the same name, so they cannot be deployed independently.",
    instead: "A name from `Names`, which puts the region in.",
  },
  "HFT-SYN-002": {
    means: "A resource that holds data lacks the protection, backups or encryption that are required.",
    instead: "The argument that the message names.",
  },
  "HFT-SYN-003": {
    means: "A Service, policy, budget or monitor selects nothing.",
    instead: "The labels that the workload gives its pods.",
  },
  "HFT-SYN-004": { means: "A manifest contains a null.", instead: "A value, or no field." },
  "HFT-SYN-005": {
    means: "A manifest holds a literal secret.",
    instead: "A secret in Secrets Manager, fetched by an ExternalSecret and mounted as a file.",
  },
  "HFT-SYN-006": {
    means: "A pod does not fit on any node of its pool, or the pool has no nodes.",
    instead: "Smaller requests, another pool, or a larger instance type.",
  },
  "HFT-SYN-007": {
    means: "At full scale, the pods of a pool need more nodes than the pool may have.",
    instead: "A larger `maxNodes`; the message gives the number.",
  },
  "HFT-SYN-009": {
    means: "A secret is fetched that no stack creates, so pods would wait for it indefinitely.",
    instead: "The name of a secret that a stack creates.",
  },
  "HFT-SYN-010": {
    means: "The API server would drop, normalise or reject a value, so every plan would show a difference.",
    instead: "The value in the API server's canonical form.",
  },
  "HFT-SYN-011": {
    means:
      "A controller writes a field that Terraform does not treat as computed, so the two would overwrite each other.",
    instead: "`deployManifests`, which declares such fields.",
  },
  "HFT-SYN-012": {
    means: "The cluster autoscaler's version does not match the cluster's Kubernetes version.",
    instead: "A release for the cluster's version.",
  },
  "HFT-SYN-013": {
    means: "A service uses a role without waiting for the role's permissions.",
    instead: "`dependsOn` with the permissions that the message lists.",
  },
  "HFT-SYN-014": {
    means: "A secret is created that nothing fetches.",
    instead: "An ExternalSecret that fetches it, or no secret.",
  },
  "HFT-SYN-015": {
    means: "A certificate's DNS challenge is behind a CNAME that cert-manager would not follow.",
    instead: "`cnameStrategy: Follow`.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type SynthesisCode = keyof typeof SYNTHESIS_CODES;

/** `HFT-SYN-003 production/eu-west-1/Service/trading/gateway: selects no pod …; use the labels …` */
export function finding(code: SynthesisCode, place: string, fault: string, remedy: string): string {
  return faultLine({ code, fault, remedy }, place);
}
