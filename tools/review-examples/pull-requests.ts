/** A realistic change of this repository, as edits of its source. */
export interface PullRequest {
  /** Also the name of the picture. */
  readonly name: string;
  readonly title: string;
  /** What the author thinks, and what the reviewer sees. */
  readonly story: string;
  readonly edits: readonly Edit[];
}

export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: quoted source
const WIDER_RIGHT = 'allow(["s3:GetObject", "s3:DeleteObject"], [`${bucket}/*`]),';
// biome-ignore lint/suspicious/noTemplateCurlyInString: quoted source
const RESTORE_RIGHT = 'allow(["s3:GetObject"], [`${bucket}/${folder}/*`]),';

export const PULL_REQUESTS: readonly PullRequest[] = [
  {
    name: "refactoring",
    title: "Refactor how a frugal environment saves costs",
    story: "A refactoring should deploy nothing, and the review proves it.",
    edits: [
      {
        file: "stacks/network.ts",
        from: 'natGateways: frugal ? "one" : "one-per-zone",',
        to: 'natGateways: (["one-per-zone", "one"] as const)[Number(frugal)]!,',
      },
    ],
  },
  {
    name: "renamed-construct",
    title: "Rename the VPC construct",
    story:
      "A single word in a constructor changes. Logical ids are derived from the construct path, so Terraform would destroy and re-create the internet gateway, routes and NAT gateways of every region; the review pairs them and prints the line that moves each one instead. The VPC and its subnets have pinned ids and are not affected.",
    edits: [{ file: "stacks/network.ts", from: 'new Vpc(this, "vpc", {', to: 'new Vpc(this, "core", {' }],
  },
  {
    name: "address-range",
    title: "Another address range for Ireland",
    story:
      "One line of an environment changes. The address range of a VPC is immutable, so the VPC is replaced, and with it everything in every stack that refers to one of its ids. No plan of a single stack shows this, because the others cannot be planned before the first is applied.",
    edits: [{ file: "environments/production.ts", from: 'cidr: "10.10.0.0/16"', to: 'cidr: "10.12.0.0/16"' }],
  },
  {
    name: "failover",
    title: "Fail over to Frankfurt",
    story: "The one line that moves the active region is reviewed like any other change: what is promoted, what is replaced, and where traffic goes.",
    edits: [{ file: "environments/production.ts", from: 'activeRegion: "eu-west-1"', to: 'activeRegion: "eu-central-1"' }],
  },
  {
    name: "savings",
    title: "Reduce the cost of staging",
    story: "The change saves money, and the review shows what it gives up: the standby, most backups and the deletion protection.",
    edits: [
      { file: "environments/staging.ts", from: "multiAz: true,\n    backupRetentionDays: 7,\n    deletionProtection: true,", to: "multiAz: false,\n    backupRetentionDays: 1,\n    deletionProtection: false," },
    ],
  },
  {
    name: "accepted",
    title: "Staging without a standby, accepted",
    story: "The same saving, with the risk accepted in the change itself. The reason stays in the code, for the reviewer now and for anyone who asks later. The acceptance applies to this change only.",
    edits: [
      { file: "environments/staging.ts", from: "multiAz: true,\n    backupRetentionDays: 7,", to: "multiAz: false,\n    backupRetentionDays: 7," },
      {
        file: "stacks/data.ts",
        from: "    const { names } = this;\n    this.keyArn",
        to: '    const { names } = this;\n    if (environment.name === "staging")\n      this.addOverride("//.accept", { "RV-DATA-5 aws_db_instance.database_orders": "staging may be down for the minutes of a restore; saves a third of its database" });\n    this.keyArn',
      },
    ],
  },
  {
    name: "wider-rights",
    title: "Give restore jobs the permission they lack",
    story: "A quick fix adds the missing permission and one that is not needed. Policies are compared by what they permit, so exactly the new permissions are listed.",
    edits: [{ file: "stacks/pod-rights.ts", from: RESTORE_RIGHT, to: WIDER_RIGHT }],
  },
  {
    name: "contract",
    title: "Remove the database subnets from a contract",
    story: "The network stack's contract loses a field that the data stack still reads. The review names the reader that breaks, before the network is deployed and the data stack can no longer be planned.",
    edits: [{ file: "stacks/network.ts", from: "      databaseSubnetIds: vpc.databaseSubnetIds,\n", to: "" }],
  },
  {
    name: "release",
    title: "Release the engine to production",
    story: "Only a digest changes. The review shows what restarts, in which order of stacks, and that nothing else changes.",
    edits: [
      {
        file: "environments/production.ts",
        from: "engine@sha256:aa774d84e77cd81ab2495e72054928dc448fa93cf0cc8f57712bcd357f403815",
        to: "engine@sha256:5b1b1ea0ef2a34df7ba4e27e5bbb5a3c0a5b2ee8d6ac26e3c3b6ea2d4c6f7a90",
      },
    ],
  },
  {
    name: "immutable",
    title: "Start both engines in parallel, with fewer frontend pods",
    story: "The change contains an immutable field of a StatefulSet, which would stop the release half way, and reduces capacity below what the load test requires.",
    edits: [
      { file: "charts/engine/engine.ts", from: 'podManagementPolicy: "OrderedReady"', to: 'podManagementPolicy: "Parallel"' },
      { file: "environments/production.ts", from: "frontend: { min: 6, max: 20 }", to: "frontend: { min: 2, max: 8 }" },
    ],
  },
]; // biome-ignore format: edits are quoted as they are
