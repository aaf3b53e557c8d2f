import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Rehearsal, startRehearsal } from "@hft/rehearsal";
import {
  type DeployedStack,
  deploy,
  fingerprintOf,
  reviewTrees,
  type SynthesizedTree,
  type TreeDirectory,
  treeIn,
} from "@hft/review";
import { requires } from "@hft/testing";
import { aNetwork } from "./a-network";

requires("terraform")("a deployment of what was reviewed", () => {
  const directory = mkdtempSync(join(tmpdir(), "review-deploy-"));
  const states = join(directory, "states");
  const made: TreeDirectory[] = [];
  let rehearsal: Rehearsal;

  const tree = (change: Parameters<typeof aNetwork>[1]): SynthesizedTree => {
    const written = aNetwork(states, change);
    made.push(written);
    return treeIn(written.path);
  };
  const carryOut = (base: SynthesizedTree, head: SynthesizedTree, planOnly = false): Promise<DeployedStack[]> => {
    const { changes } = reviewTrees(base, head);
    const fingerprint = fingerprintOf(changes.plan, changes.objects).hash;
    return deploy({
      base,
      head,
      fingerprint,
      selects: () => true,
      planOnly,
      tell: () => {},
      environment: rehearsal.environmentVariables(),
    });
  };
  const vpc = () => rehearsal.objects({ type: "aws_vpc" })[0]!.attributes;
  const role = () => rehearsal.objects({ type: "aws_iam_role" })[0]!.attributes;

  beforeAll(async () => {
    const first = tree({});
    rehearsal = await startRehearsal({ directory: join(directory, "cloud"), trees: [made[0]!.path] });
    await carryOut({ label: "nothing", stacks: [], objects: [] }, first);
  }, 60_000);
  afterAll(async () => {
    await rehearsal.stop();
    for (const each of made) each.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it("creates, stack by stack, what the review said would be created", () => {
    expect(rehearsal.objects().map(({ type }) => type)).toEqual(
      expect.arrayContaining(["aws_vpc", "aws_db_instance", "aws_ssm_parameter"]),
    );
  });

  it("applies a change and leaves alone what it does not touch", async () => {
    const done = await carryOut(tree({}), tree({ hostnames: false }));
    expect(done).toEqual([
      { stack: "network", status: "applied" },
      { stack: "data", status: "unchanged" },
    ]);
    expect(vpc().enable_dns_hostnames).toBe(false);
  }, 60_000);

  it("only compares when asked to, and says what has to wait", async () => {
    const done = await carryOut(tree({ hostnames: false }), tree({ hostnames: false, tag: "second" }), true);
    expect(done).toEqual([
      { stack: "network", status: "matches" },
      { stack: "data", status: "waits" },
    ]);
    expect(role().tags).toEqual({ network: "first" });
  }, 60_000);

  it("refuses when the cloud is no longer what the review compared with, names it, and applies nothing", async () => {
    rehearsal.drift({ type: "aws_db_instance" }, { backup_retention_period: 0 });
    const refused = carryOut(tree({ hostnames: false }), tree({}));
    await expect(refused).rejects.toThrow(
      /REVIEW-DEPLOY-2 data: .*\n {2}aws_db_instance\.orders: terraform wants to update \(backup_retention_period\), but the review expected no change/s,
    );
    expect(vpc().enable_dns_hostnames).toBe(false);
    rehearsal.drift({ type: "aws_db_instance" }, { backup_retention_period: 7 });
  }, 60_000);

  it("follows a changed contract into the next stack, which is planned when the first is applied", async () => {
    const done = await carryOut(tree({ hostnames: false }), tree({ hostnames: false, tag: "second" }));
    expect(done.map(({ status }) => status)).toEqual(["applied", "applied"]);
    expect(role().tags).toEqual({ network: "second" });
  }, 60_000);
});
