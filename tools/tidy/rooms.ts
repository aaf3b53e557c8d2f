/** A folder or a few, and what of the others its code may import. */
export interface Room {
  /** Its folders, from the ground up: each imports only from those before it. @default the folder of its name */
  readonly folders?: readonly string[];
  readonly holds: string;
  /** Rooms whose doors are open to it; `"all"` for what looks into every room, also behind the doors. */
  readonly mayImport: readonly string[] | "all";
  /** Its doors beside `index.ts`: modules, or folders with modules. @default none */
  readonly doors?: readonly string[];
}

/**
 * The door that tests alone go through, in every room that has it: what it gives to the tests of others. Test code lies
 * in `*.test.ts` and in this folder, and may also use `packages/testing`.
 */
export const TEST_DOOR = "testing";
export const TEST_MACHINERY = "packages/testing";

/**
 * The rooms of the repository. ARCHITECTURE.md prints this table, and `rooms.test.ts` holds every import against it.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  "packages/toolkit": {
    holds:
      "small utilities for several modules: address ranges, quantities, seeded randomness, atomic file writes, running programs",
    mayImport: [],
  },
  vocabulary: {
    holds: "definitions that the platform's modules share: names, subnets, a lane's CPU partition",
    mayImport: ["packages/toolkit"],
  },
  environments: {
    holds: "the schema of an environment, its rules, and the environments themselves, as parsed values",
    mayImport: ["packages/toolkit", "vocabulary"],
  },
  constructs: {
    holds: "AWS and Cloudflare constructs, one folder per concern; plain props in, intent methods out",
    mayImport: ["packages/toolkit", "vocabulary"],
  },
  charts: {
    holds: "Kubernetes workloads in cdk8s; works without cdktf",
    mayImport: ["packages/toolkit", "vocabulary", "environments", "engine"],
  },
  stacks: {
    holds: "the Terraform stacks, one file each, the contracts between them, and the checks at synth",
    mayImport: ["packages/toolkit", "vocabulary", "environments", "constructs", "charts"],
  },
  engine: {
    holds: "the matching engine; independent of the platform",
    mayImport: [],
    doors: ["configuration"],
  },
  "packages/testing": {
    holds: "helpers for tests of every module: outside programs, waiting, the closing summary",
    mayImport: ["packages/toolkit"],
  },
  "packages/provider-schemas": {
    holds: "schemas of the installed providers' resources, and which changes replace them",
    mayImport: ["packages/toolkit"],
  },
  "packages/rehearsal": {
    holds: "the simulated cloud, and the command that runs Terraform inside it",
    mayImport: ["packages/toolkit", "packages/provider-schemas"],
  },
  "packages/review": {
    holds: "what a change will do, derived from two synthesized trees",
    mayImport: ["packages/toolkit", "packages/provider-schemas"],
  },
  "packages/agreement": {
    holds: "compares the review's verdicts with the real Terraform inside the rehearsal",
    mayImport: ["packages/toolkit", "packages/provider-schemas", "packages/rehearsal", "packages/review"],
  },
  operations: {
    holds: "tools for operators: preflight, smoke test, rollout, explain, drill, day-two operations, runbooks",
    mayImport: [
      "packages/toolkit",
      "vocabulary",
      "environments",
      "constructs",
      "charts",
      "stacks",
      "engine",
      "packages/rehearsal",
    ],
  },
  tools: { holds: "maintenance of the repository: tidy, documents, licences, the fork", mayImport: "all" },
  test: { holds: "tests that span modules", mayImport: "all" },
};
