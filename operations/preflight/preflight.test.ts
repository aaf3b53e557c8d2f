import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountSettings, startRehearsal } from "@hft/rehearsal";
import { anEnvironment } from "../../environments/testing";
import { synthesize } from "../../stacks";
import type { Finding } from "./finding";
import { type Needs, needsOf } from "./needs";
import { preflight, sourcesOf } from "./preflight";
import { count } from "./report";

/** An answer takes a fifth of a second alone, and much longer when all rooms' tests run on two cores. */
jest.setTimeout(120_000);

/**
 * The checks ask through AWS's own SDK, which parses what the simulated services answer: a wrong shape would be an
 * error there. Each case takes one thing away from an account that has everything.
 */
describe("preflight", () => {
  const directory = mkdtempSync(join(tmpdir(), "preflight-test-"));
  let production: Needs;
  let development: Needs;

  const needsFor = (like: "production" | "development"): Needs => {
    const tree = join(directory, like);
    return needsOf(synthesize({ [like]: anEnvironment(like) }, tree)[0]!);
  };

  const ask = async (needs: Needs, account: AccountSettings, cloud = "empty"): Promise<Finding[]> => {
    const rehearsal = await startRehearsal({
      directory: join(directory, cloud),
      account: { id: needs.environment.accountId, ...account },
    });
    try {
      return await preflight(needs, sourcesOf(needs, rehearsal.environmentVariables()));
    } finally {
      await rehearsal.stop();
    }
  };

  beforeAll(() => {
    production = needsFor("production");
    development = needsFor("development");
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it("finds nothing missing and nothing unknown in an account that has everything", async () => {
    const findings = await ask(production, {});
    expect(findings.filter(({ verdict }) => verdict === "missing" || verdict === "unknown")).toEqual([]);
    expect(count({ findings }, "ok")).toBeGreaterThan(50);
  });

  const broken: readonly (readonly [what: string, check: string, subject: string, account: AccountSettings])[] = [
    ["credentials of another account", "PRE-ACC-1", "account 333333333333", { id: "999999999999" }],
    ["a role of an access entry is absent", "PRE-IAM-1", "role on-call", { roles: ["platform-engineers"] }],
    [
      "somebody made GitHub's provider already",
      "PRE-IAM-2",
      "token.actions.githubusercontent.com",
      { openIdProviders: ["token.actions.githubusercontent.com"] },
    ],
    ["a region is not enabled", "PRE-REG-1", "eu-central-1", { regionsOff: ["eu-central-1"] }],
    ["a zone is absent", "PRE-REG-2", "eu-west-1c", { zonesAbsent: ["eu-west-1c"] }],
    [
      "the lane's type is not sold in its zone",
      "PRE-EC2-1",
      "eu-west-1a: c7i.4xlarge for low-latency",
      { instanceTypesAbsent: { "c7i.4xlarge": ["eu-west-1a"] } },
    ],
    [
      "no type of a pool is sold in a zone",
      "PRE-EC2-1",
      "eu-west-1b: m7i.2xlarge or m7a.2xlarge for general",
      { instanceTypesAbsent: { "m7i.2xlarge": ["eu-west-1b"], "m7a.2xlarge": ["eu-west-1b"] } },
    ],
    [
      "the vCPU quota is a new account's",
      "PRE-QUO-1",
      "eu-west-1: vCPUs of running on-demand standard instances",
      { quotas: { "ec2/L-1216C47A": 32 } },
    ],
    [
      "others leave no vCPUs",
      "PRE-QUO-1",
      "eu-west-1: vCPUs of running on-demand standard instances",
      { inUse: { vcpus: 900 } },
    ],
    [
      "others leave no addresses",
      "PRE-QUO-1",
      "eu-west-1: Elastic IP addresses",
      { quotas: { "ec2/L-0263D0A3": 5 }, inUse: { addresses: 3 } },
    ],
    ["others leave no VPC", "PRE-QUO-1", "eu-west-1: VPCs", { quotas: { "vpc/L-F678F1CE": 5 }, inUse: { vpcs: 5 } }],
    [
      "too few interface endpoints",
      "PRE-QUO-1",
      "eu-west-1: interface endpoints of a VPC",
      { quotas: { "vpc/L-29B6F2EB": 4 } },
    ],
    [
      "EKS has dropped the version",
      "PRE-VER-1",
      "eu-west-1: Kubernetes 1.35",
      { versions: { kubernetes: { "1.35": "UNSUPPORTED", "1.38": "STANDARD_SUPPORT" } } },
    ],
    [
      "RDS has dropped the version",
      "PRE-VER-1",
      "eu-west-1: PostgreSQL",
      { versions: { postgresql: { "12.1": "available" } } },
    ],
    [
      "RDS lists the version as deprecated",
      "PRE-VER-1",
      "eu-west-1: PostgreSQL",
      { versions: { postgresql: { "16.15": "deprecated" } } },
    ],
    [
      "MSK does not have the version",
      "PRE-VER-1",
      "eu-west-1: Kafka",
      { versions: { kafka: { "2.8.1": "DEPRECATED" } } },
    ],
    [
      "ElastiCache does not have the version",
      "PRE-VER-1",
      "eu-west-1: Valkey",
      { versions: { valkey: { "7.2": "available" } } },
    ],
    [
      "RDS does not sell the class",
      "PRE-VER-2",
      "eu-west-1: db.r7g.2xlarge",
      { databaseClassesAbsent: ["db.r7g.2xlarge"] },
    ],
    [
      "an image of another registry was withdrawn",
      "PRE-IMG-2",
      "docker.io/nginxinc/nginx-unprivileged",
      { images: [] },
    ],
    [
      "somebody has the name of a bucket",
      "PRE-S3-1",
      "hft-production-eu-west-1-audit-333333333333",
      { bucketsOfOthers: ["hft-production-eu-west-1-audit-333333333333"] },
    ],
    ["the token is expired", "PRE-EDG-1", "token", { cloudflare: { token: "expired" } }],
    [
      "the token does not reach the account",
      "PRE-EDG-1",
      "account fd0ff2de723ffda42b751cdd26037a78",
      { cloudflare: { accountHidden: true } },
    ],
  ];

  it.each(broken)("%s: %s", async (_what, check, subject, account) => {
    const missing = (await ask(production, account)).filter(({ verdict }) => verdict === "missing");
    const found = missing.find((finding) => finding.check === check && finding.subject.startsWith(subject));
    expect(missing.map((finding) => `${finding.check} ${finding.subject}`)).toContainEqual(
      expect.stringContaining(`${check} ${subject}`),
    );
    expect(found?.remedy).toMatch(/\S/);
  });

  it("says what it could not ask, and with which right", async () => {
    const findings = await ask(production, { denied: ["iam:GetRole"] });
    expect(findings).toContainEqual(
      expect.objectContaining({
        check: "PRE-IAM-1",
        verdict: "unknown",
        found: expect.stringContaining("iam:GetRole was not answered"),
      }),
    );
    expect(count({ findings }, "missing")).toBe(0);
  });

  it("says that Cloudflare was not asked without a token, and does not call that ready", async () => {
    const rehearsal = await startRehearsal({
      directory: join(directory, "no-token"),
      account: { id: production.environment.accountId },
    });
    const { CLOUDFLARE_API_TOKEN: _, ...variables } = rehearsal.environmentVariables();
    const findings = await preflight(production, sourcesOf(production, variables)).finally(() => rehearsal.stop());
    const edge = findings.filter(({ check }) => check.startsWith("PRE-EDG"));
    expect(edge.map(({ verdict }) => verdict)).toEqual(["unknown", "unknown", "unknown", "unknown"]);
  });

  it("does not call load balancing bought when no subscription names it", async () => {
    const findings = await ask(production, { cloudflare: { loadBalancing: false } });
    expect(findings).toContainEqual(expect.objectContaining({ subject: "load balancing", verdict: "unknown" }));
  });

  it("counts nothing of the environment itself as used by others", async () => {
    const findings = await ask(development, { quotas: { "vpc/L-F678F1CE": 1 } });
    expect(findings).toContainEqual(
      expect.objectContaining({
        subject: "eu-west-1: VPCs",
        verdict: "ok",
        found: expect.stringContaining("1 needed"),
      }),
    );
  });

  it("refuses an account.json with an unknown field, by name", async () => {
    const broken = join(directory, "broken");
    mkdirSync(broken);
    writeFileSync(join(broken, "account.json"), JSON.stringify({ role: [] }));
    await expect(startRehearsal({ directory: broken })).rejects.toThrow(/account\.json.*role.*known fields are/s);
  });
});
