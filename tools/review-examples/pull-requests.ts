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
    title: "Say once what a frugal environment saves",
    story: "A refactoring should deploy nothing. The review says so, instead of leaving it to trust.",
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
    title: "Call the VPC construct what it is",
    story:
      "One word in a constructor. The logical ids of what lies under the construct follow its path, so Terraform would destroy and create the internet gateway, routes and NAT gateways of every region; the review pairs them and gives the line that moves each one instead. The VPC and its subnets have pinned ids and stay.",
    edits: [{ file: "stacks/network.ts", from: 'new Vpc(this, "vpc", {', to: 'new Vpc(this, "core", {' }],
  },
  {
    name: "address-range",
    title: "Another address range for Ireland",
    story:
      "One line of an environment. The range of a VPC cannot change: the VPC is made anew, and with it everything in every stack that holds one of its ids. No plan of a single stack shows this, because the others cannot be planned before the first is applied.",
    edits: [{ file: "environments/production.ts", from: 'cidr: "10.10.0.0/16"', to: 'cidr: "10.12.0.0/16"' }],
  },
  {
    name: "failover",
    title: "Fail over to Frankfurt",
    story: "The one line that moves the active region, reviewed like any other change: what is promoted, what is replaced, what traffic does.",
    edits: [{ file: "environments/production.ts", from: 'activeRegion: "eu-west-1"', to: 'activeRegion: "eu-central-1"' }],
  },
  {
    name: "savings",
    title: "Staging need not cost that much",
    story: "The saving is real, and so is what it gives up: the standby, the backups and the protection against deletion.",
    edits: [
      { file: "environments/staging.ts", from: "multiAz: true,\n    backupRetentionDays: 7,\n    deletionProtection: true,", to: "multiAz: false,\n    backupRetentionDays: 1,\n    deletionProtection: false," },
    ],
  },
  {
    name: "accepted",
    title: "Staging without a standby, accepted",
    story: "The same saving, with the loss accepted in the change itself: the reason is read by the reviewer now, and by whoever asks in a year. It counts for this change only.",
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
    title: "Restore jobs cannot read everything they need",
    story: "A quick fix for a missing right, and one that is not needed. Policies are compared by what they permit, so what is new is listed, and only that.",
    edits: [{ file: "stacks/pod-rights.ts", from: RESTORE_RIGHT, to: WIDER_RIGHT }],
  },
  {
    name: "contract",
    title: "Nobody needs the database subnets any more",
    story: "A field less in what the network stack promises. The data stack still reads it: the review names who breaks, before the network is deployed and the data stack cannot be planned.",
    edits: [{ file: "stacks/network.ts", from: "      databaseSubnetIds: vpc.databaseSubnetIds,\n", to: "" }],
  },
  {
    name: "release",
    title: "Release of the engine to production",
    story: "A digest moves. What restarts, in which order of stacks, and that nothing else is in the change.",
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
    title: "Start both engines at once, and fewer pages",
    story: "One field of a StatefulSet that the API server never lets anyone change, which would stop the whole release half way, and less capacity than the load test asked for.",
    edits: [
      { file: "charts/engine/engine.ts", from: 'podManagementPolicy: "OrderedReady"', to: 'podManagementPolicy: "Parallel"' },
      { file: "environments/production.ts", from: "frontend: { min: 6, max: 20 }", to: "frontend: { min: 2, max: 8 }" },
    ],
  },
]; // biome-ignore format: edits are quoted as they are
