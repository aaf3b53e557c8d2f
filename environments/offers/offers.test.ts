import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runTool, suiteThatNeeds, TOOL_CACHE } from "@hft/testing";
import { findProblems, formatProblem } from "../index";
import { anEnvironment } from "../testing";
import { mayExist } from "./offers";

type Change = Parameters<typeof anEnvironment>[1];

/**
 * What AWS does not have, and the one message about it. Right values: cfn-lint 1.58.0, and the documents that are
 * named.
 */
const NOT_THERE: readonly [string, Parameters<typeof anEnvironment>[0], Change, string][] = [
  [
    "a region that there is not",
    "development",
    (e) => {
      e.regions[0]!.name = "eu-west-9";
      e.activeRegion = "eu-west-9";
      e.database.generation = { "eu-west-9": 1 };
    },
    "HFT-OFF-001 x regions[0].name: AWS has no region eu-west-9 (cfn-lint 1.58.0, 2026-10-20); choose one of eu-west-1, eu-west-2, eu-west-3, or bring environments/offers up to date",
  ],
  [
    "a zone that its region has not",
    "development",
    (e) => {
      e.regions[0]!.zones = ["a", "d"];
    },
    'HFT-OFF-002 x regions[0].zones: eu-west-1 has no zone "d" (cfn-lint 1.58.0, 2026-10-20); choose from "a", "b", "c"',
  ],
  [
    "a misspelt database class",
    "development",
    (e) => {
      e.database.instanceClass = "db.x2idn.16xlarg";
    },
    "HFT-OFF-003 x database.instanceClass: there is no db.x2idn.16xlarg (cfn-lint 1.58.0, 2026-10-20); choose one such as db.x2idn.16xlarge, or bring environments/offers up to date",
  ],
  [
    "a node type of no cache",
    "development",
    (e) => {
      e.cache.nodeType = "cache.t4g.large";
    },
    "HFT-OFF-003 x cache.nodeType: there is no cache.t4g.large (cfn-lint 1.58.0, 2026-10-20); choose one such as cache.t4g.medium, cache.t4g.micro, cache.t4g.small, or bring environments/offers up to date",
  ],
  [
    // Amazon MSK Developer Guide, "Amazon MSK broker sizes".
    "a broker type of no cluster",
    "development",
    (e) => {
      e.streaming.instanceType = "kafka.t3.medium";
    },
    "HFT-OFF-003 x streaming.instanceType: there is no kafka.t3.medium (cfn-lint 1.58.0, 2026-10-20); choose one such as kafka.t3.small, or bring environments/offers up to date",
  ],
  [
    "a PostgreSQL of the far future",
    "development",
    (e) => {
      e.database.engineVersion = "99.9";
    },
    "HFT-OFF-004 x database.engineVersion: AWS does not offer version 99.9 (cfn-lint 1.58.0, 2026-10-20); choose one such as 17.11, 18.1, 18.2, 18.3, 18.4, 18.6, or bring environments/offers up to date",
  ],
  [
    "a global datastore of small nodes",
    "production",
    (e) => {
      e.cache.nodeType = "cache.t4g.medium";
    },
    "HFT-OFF-005 x cache.nodeType: cache.t4g.medium in a global datastore, which ElastiCache supports only from size large, and not for every family; choose one such as cache.r7g.12xlarge, cache.r7g.16xlarge, cache.r7g.2xlarge, cache.r7g.4xlarge, cache.r7g.8xlarge, cache.r7g.large, cache.r7g.xlarge, or write globalDatastore: false",
  ],
];

const messages = (like: Parameters<typeof anEnvironment>[0], change: Change) =>
  findProblems(anEnvironment(like, change)).map((problem) => formatProblem("x", problem));

describe("an environment", () => {
  it.each(NOT_THERE)("is refused for %s", (_, like, change, message) => {
    expect(messages(like, change)).toEqual([message]);
  });

  it("is right with what came after the table was made: a minor version, not a major one", () => {
    expect(mayExist("16.99", ["16.8", "16.9"])).toBe(true);
    expect(mayExist("16.7", ["16.8", "16.9"])).toBe(false);
    expect(mayExist("17.0", ["16.8", "16.9"])).toBe(false);
    expect(mayExist("4.1.x", ["3.9.x", "4.0.x"])).toBe(true);
  });
});

const CFN_LINT = join(TOOL_CACHE, "cfn-lint-1.58.0");

suiteThatNeeds(existsSync(CFN_LINT) ? undefined : "cfn-lint not installed; run environments/offers/install.sh")(
  "the table of what AWS offers",
  () => {
    it("is what cfn-lint's data says", () => {
      const { stdout, stderr } = runTool("python3", [join(__dirname, "read-cfn-lint.py")], {
        env: { ...process.env, PYTHONPATH: CFN_LINT },
      });
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(__dirname, "offers.json"), "utf8")));
    });
  },
);
