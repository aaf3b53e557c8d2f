import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccountSettings, startRehearsal } from "@hft/rehearsal";
import { requires, runToolBeside } from "@hft/testing";
import { anEnvironment } from "../../environments/testing";
import { synthesize } from "../../stacks";
import type { Finding } from "./finding";
import { type Needs, needsOf } from "./needs";
import { preflight, sourcesOf } from "./preflight";

const suite = requires("terraform");
/** A deployment takes ten seconds alone, and minutes when all rooms' tests run on two cores. */
const TIMEOUT_MS = 240_000;
jest.setTimeout(TIMEOUT_MS);

/** The second look at an account: the registry, the secrets and the zone are there, deployed by the real Terraform. */
suite("preflight after the global stack", () => {
  const root = mkdtempSync(join(tmpdir(), "preflight-global-"));
  const directory = join(root, "cloud");
  let needs: Needs;

  const ask = async (account: AccountSettings): Promise<Finding[]> => {
    const rehearsal = await startRehearsal({ directory, account: { id: needs.environment.accountId, ...account } });
    try {
      return await preflight(needs, sourcesOf(needs, rehearsal.environmentVariables()));
    } finally {
      await rehearsal.stop();
    }
  };

  beforeAll(async () => {
    const tree = join(root, "tree");
    needs = needsOf(synthesize({ staging: anEnvironment("development", named("staging")) }, tree)[0]!);
    const rehearsal = await startRehearsal({ directory });
    try {
      for (const stacks of [["staging-state"], ["staging-global"]]) {
        const { errors } = await rehearsal.deployStacks({ tree, stacks });
        expect(errors).toEqual([]);
      }
    } finally {
      await rehearsal.stop();
    }
  }, TIMEOUT_MS);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it("finds everything there, and nothing left for later", async () => {
    const verdicts = new Set((await ask({})).map(({ verdict }) => verdict));
    expect([...verdicts]).toEqual(["ok"]);
  });

  const broken: readonly (readonly [what: string, check: string, subject: string, account: AccountSettings])[] = [
    ["nobody pushed the release", "PRE-IMG-1", "eu-west-1: hft-staging/engine@", { images: [] }],
    ["nobody gave the secret a value", "PRE-SEC-1", "/hft/staging/global/slack-webhook", { secretValues: [] }],
    [
      "the registrar lists other name servers",
      "PRE-EDG-2",
      "dev.hft.example.com",
      { cloudflare: { delegated: false } },
    ],
    [
      "the plan has no limits by method",
      "PRE-EDG-3",
      "a rate limit that looks at the method",
      { cloudflare: { plan: "pro" } },
    ],
    ["the plan has no managed rules", "PRE-EDG-3", "Cloudflare's managed rules", { cloudflare: { plan: "free" } }],
    [
      "the plan fixes a setting",
      "PRE-EDG-4",
      "17 settings",
      { cloudflare: { fixedSettings: ["sort_query_string_for_cache"] } },
    ],
  ];
  it.each(broken)("%s: %s", async (_what, check, subject, account) => {
    const missing = (await ask(account)).filter(({ verdict }) => verdict === "missing");
    expect(missing.map((finding) => `${finding.check} ${finding.subject}`)).toContainEqual(
      expect.stringContaining(`${check} ${subject}`),
    );
  });
});

describe("npm run preflight", () => {
  const directory = mkdtempSync(join(tmpdir(), "preflight-command-"));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const run = async (...words: readonly string[]) => {
    const tsx = join("node_modules", "tsx", "dist", "cli.mjs");
    const parameters = [tsx, "operations/preflight/main.ts", ...words];
    return runToolBeside(process.execPath, parameters);
  };

  it(
    "ends with 0 when nothing is missing, and with 1 and the line when something is",
    async () => {
      const green = await run("production", "--rehearse", "--directory", directory);
      expect(green.stdout).toContain("nothing is missing for production: 0 missing, 0 unknown");
      expect(green.status).toBe(0);
      writeFileSync(join(directory, "account.json"), JSON.stringify({ roles: [] }));
      const red = await run("production", "--rehearse", "--directory", directory, "--json");
      expect(red.status).toBe(1);
      const { findings } = JSON.parse(red.stdout) as { findings: Finding[] };
      expect(findings.filter(({ verdict }) => verdict === "missing").map(({ check }) => check)).toContain("PRE-IAM-1");
    },
    TIMEOUT_MS,
  );

  it(
    "names the environments when there is none of that name",
    async () => {
      const { status, stderr } = await run("prod");
      expect([status, stderr]).toEqual([1, expect.stringMatching(/no environment "prod"; choose one of: development/)]);
    },
    TIMEOUT_MS,
  );
});

/** Development under another name, so that the test does not hang on the file's own. */
function named(name: string) {
  return (draft: Parameters<NonNullable<Parameters<typeof anEnvironment>[1]>>[0]) => {
    draft.name = name;
  };
}
