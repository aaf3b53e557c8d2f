/**
 * Everything that synthesis refuses of an environment that is right in itself: what it means, and what to write
 * instead.
 */
export const SYNTHESIS_CODES = {
  "HFT-SYN-001": {
    means: "Both regions take one name, so that neither can be deployed without the other.",
    instead: "A name from `Names`, which puts the region in.",
  },
  "HFT-SYN-002": {
    means: "Something that keeps data lacks protection, backups or encryption where they are demanded.",
    instead: "The argument that the message names.",
  },
  "HFT-SYN-003": {
    means: "A Service, policy, budget or monitor selects nothing.",
    instead: "The labels that the workload gives its pods.",
  },
  "HFT-SYN-004": { means: "A manifest has a null.", instead: "A value, or no field." },
  "HFT-SYN-005": {
    means: "A manifest holds a literal secret.",
    instead: "A secret in Secrets Manager, fetched by an ExternalSecret and mounted as a file.",
  },
  "HFT-SYN-006": {
    means: "A pod fits no node of its pool, or its pool has no nodes.",
    instead: "Smaller requests, another pool, or a larger instance type.",
  },
  "HFT-SYN-007": {
    means: "Scaled out, the pods of a pool need more nodes than it may have.",
    instead: "A larger `maxNodes`; the message has the number.",
  },
  "HFT-SYN-009": {
    means: "A secret is fetched that no stack keeps, so that pods would wait for ever.",
    instead: "The name of a secret that is kept.",
  },
  "HFT-SYN-010": {
    means: "The API server would drop, respell or refuse a value, so that a deploy would never come to rest.",
    instead: "The value as the API server spells it.",
  },
  "HFT-SYN-011": {
    means: "A controller writes a field of which Terraform is not told, and would fight over it.",
    instead: "`deployManifests`, which names such fields.",
  },
  "HFT-SYN-012": {
    means: "The cluster autoscaler is of another version of Kubernetes than the cluster.",
    instead: "A release for the cluster's version.",
  },
  "HFT-SYN-013": {
    means: "A service is given a role and does not wait for the role's rights.",
    instead: "`dependsOn` with the rights that the message lists.",
  },
  "HFT-SYN-014": {
    means: "A secret is kept that nothing fetches.",
    instead: "An ExternalSecret that fetches it, or no secret.",
  },
  "HFT-SYN-015": {
    means: "A certificate's proof is behind an alias that cert-manager would not follow.",
    instead: "`cnameStrategy: Follow`.",
  },
} as const satisfies Readonly<Record<string, { readonly means: string; readonly instead: string }>>;

export type SynthesisCode = keyof typeof SYNTHESIS_CODES;

/** `HFT-SYN-003 production/eu-west-1/Service/trading/gateway: selects no pod …; use the labels …` */
export function finding(code: SynthesisCode, place: string, fault: string, remedy: string): string {
  return `${code} ${place}: ${fault}; ${remedy}`;
}
