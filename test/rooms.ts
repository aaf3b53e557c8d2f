/** A top-level folder, and what of the others its code may import: only their `index.ts`. */
export interface Room {
  readonly holds: string;
  readonly mayImport: readonly string[];
}

/** The rooms of the repository. ARCHITECTURE.md prints this table, and `rooms.test.ts` holds every import against it. */
export const ROOMS: Readonly<Record<string, Room>> = {
  vocabulary: {
    holds: "what rooms have to agree on: names, address ranges, amounts, a lane's split of CPUs",
    mayImport: [],
  },
  environments: {
    holds: "the schema of an environment, its rules, and the environments: only values",
    mayImport: ["vocabulary"],
  },
  constructs: {
    holds: "one folder a concern of AWS and Cloudflare; plain props in, intent methods out",
    mayImport: ["vocabulary"],
  },
  charts: {
    holds: "Kubernetes workloads in cdk8s; works without cdktf",
    mayImport: ["vocabulary", "environments"],
  },
  stacks: {
    holds: "one file a Terraform stack, the contracts between them, the checks at synth",
    mayImport: ["vocabulary", "environments", "constructs", "charts"],
  },
  engine: { holds: "the matching engine; knows nothing of the platform", mayImport: [] },
  providers: {
    holds: "what the installed providers' resources look like, and which changes replace them",
    mayImport: [],
  },
  rehearsal: { holds: "the simulated cloud, and the command that runs Terraform inside it", mayImport: ["providers"] },
  review: { holds: "what a change will do, read out of two synthesized trees", mayImport: ["providers"] },
  operations: {
    holds: "what is done around a deploy: the preflight of an account, the smoke test of what was deployed",
    mayImport: ["environments", "stacks", "rehearsal"],
  },
  drill: {
    holds: "disaster recovery scenarios, their evidence, and day-two operations",
    mayImport: ["environments", "stacks", "rehearsal", "engine", "review", "providers"],
  },
};

/** Modules that are pure values or types and may be imported by every room, with the reason. */
export const SHARED_VALUES: Readonly<Record<string, string>> = {
  "engine/configuration": "charts fill in the engine's configuration, checked by the engine's own schema",
};

/** Parts of a room that bring rooms together on purpose, with the reason. */
export const MEETING_PLACES: Readonly<Record<string, string>> = {
  test: "what crosses rooms is tested here",
  "review/agreement": "holds the review's verdicts against the real Terraform inside the rehearsal",
};
