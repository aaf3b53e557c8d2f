import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findTool, runTool } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { shellLine } from "../../operations/drill/live/command";
import { type ResourceNames, resourceNamesOf } from "../../operations/drill/live/resource-names";
import { stepCommands } from "../../operations/drill/live/step-commands";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { situationOf } from "../../operations/drill/scenarios/scenario";
import { synthesize } from "../../stacks";
import { workedFrom } from "../../tools/tidy/documents/documents";
import { commandLines, type DocumentedLine, loosePhrases } from "./documented-lines";
import { judgeJest, judgeNpm } from "./our-programs";
import {
  judgeAws,
  judgeCdk,
  judgeCurl,
  judgeJq,
  judgeKubectl,
  judgeNodeScript,
  judgeTerraform,
} from "./outside-programs";
import { callsOf, type ShellCall } from "./shell";

/** Some hundred real programs are started. */
jest.setTimeout(900_000);

const platform = synthesize(environmentInputs, join(mkdtempSync(join(tmpdir(), "command-lines-")), "cdktf.out"));
const stacks = platform.flatMap((environment) => environment.stacks.map(({ name }) => name));
const resourceNames: readonly ResourceNames[] = platform.map(resourceNamesOf);
const contexts = resourceNames.flatMap(({ regions }) => Object.values(regions).map(({ cluster }) => cluster));

/** Programs whose words nobody judges here, with the reason. */
const NOT_JUDGED: Readonly<Record<string, string>> = {
  docker: "needs a daemon; the compose file has tests of its own",
  grep: "POSIX",
  node: "its scripts are judged where kubectl hands them on",
  cp: "POSIX",
  cd: "a builtin of the shell",
  export: "a builtin of the shell",
  git: "clone, checkout and their like; no option that a version could lack",
  openssl: "one command, run by the tests of the rotation's pipeline",
  printf: "a builtin of the shell",
  tail: "POSIX",
};

const judged = new Map<string, readonly string[]>();

/** What the program of a call has against its words. */
function findingsOf(call: ShellCall): readonly string[] {
  const key = [call.program, ...call.words].join("\0");
  if (!judged.has(key)) {
    const more: string[] = [];
    const own = judge(call, (nested) => more.push(...inRehearsal(nested)));
    judged.set(key, own === undefined ? more : [own, ...more]);
  }
  return judged.get(key)!;
}

/** The rehearsal has no network beyond the loopback, where cdktf would look its providers up. */
function inRehearsal(call: ShellCall): readonly string[] {
  const offline = call.words.includes("--skip-provider-lock") || !call.words.includes("cdktf");
  return [...findingsOf(call), ...(offline ? [] : ["cdktf inside the rehearsal needs --skip-provider-lock"])];
}

function judge(call: ShellCall, nested: (call: ShellCall) => void): string | undefined {
  const { program, words } = call;
  switch (program) {
    case "npm":
      return judgeNpm(call, nested);
    case "npx":
      if (words[0] === "jest") return judgeJest(words.slice(1));
      return judge({ program: words[0] ?? "", words: words.slice(1) }, nested);
    case "cdktf":
    case "cdk8s":
      return judgeCdk(program, call, stacks);
    case "kubectl":
      return judgeKubectl(call, contexts) ?? scriptIn(words);
    case "aws":
      return judgeAws(call);
    case "terraform":
      return judgeTerraform(call, stacks);
    case "curl":
      return judgeCurl(call);
    case "jq":
      return judgeJq(call);
    case "bash":
      return judgeScript(words);
    default:
      if (program.includes("/")) return existsSync(program) ? undefined : `${program} is not there`;
      return program in NOT_JUDGED ? undefined : `${program}: no judge is known; add one, or a reason`;
  }
}

function scriptIn(words: readonly string[]): string | undefined {
  const at = words.indexOf("-e");
  return words.includes("node") && at !== -1 ? judgeNodeScript(words[at + 1] ?? "") : undefined;
}

/** A script of the repository: it is there, and the shell can read it. */
function judgeScript([script = ""]: readonly string[]): string | undefined {
  if (!existsSync(script)) return `bash: ${script} is not there`;
  const { status, stderr } = runTool("bash", ["-n", script]);
  return status === 0 ? undefined : stderr.trim();
}

function refused(lines: readonly DocumentedLine[]): string[] {
  return lines.flatMap(({ at, line }) => {
    const { status, stderr } = runTool("sh", ["-n", "-c", line]);
    const findings = status === 0 ? callsOf(line).flatMap(findingsOf) : [stderr.trim()];
    return findings.map((finding) => `${at}: ${finding}`);
  });
}

const TOOLS = ["kubectl", "aws", "terraform", "curl", "jq"];
const missing = TOOLS.filter((tool) => !findTool(tool));
if (missing.length > 0) console.warn(`${missing.join(", ")} not installed: run test/commands/install.sh`);

describe("the judges", () => {
  it("are all there where tests must not be left out", () => {
    if (process.env.CI) expect(missing).toEqual([]);
  });

  it.each([
    ["npm run operate -- maintenance on", "missing required argument 'on|off'"],
    ["npm run operate -- rotate staging slack", "is not supported"],
    ["npm run operate -- backup prod", "there is no environment prod"],
    ["npm run drill -- region-los production", "there is no scenario region-los"],
    ["npm run rehearse -- deploy development --quick", "unknown option '--quick'"],
    ["npm run rehearse -- exec -- npx cdktf diff development-global", "needs --skip-provider-lock"],
    ["npm run rehersal", "no such script"],
    ["npx cdktf deploy 'prodution-*'", "there is no stack"],
    ["npx cdktf deploy 'production-*' --approve", "unknown flag --approve"],
    ["kubectl get pods --selectr a=b", "unknown flag"],
    ["kubectl --context elsewhere get pods", "elsewhere"],
    ["kubectl exec engine-0 -- node -e 'fetch('", "node -e"],
    ["aws rds create-db-snapshot --db-instance-identifier a", "db-snapshot-identifier"],
    ["aws rds describe-db-instance", "Invalid choice"],
    ["terraform plan -outt=x", "terraform plan"],
    ["curl --slient https://trade.hft.example.com/health", "curl"],
    ["jq '{password: '", "jq"],
    ["if true; then", "Syntax error"],
    ["bash findings/no-such-finding.sh", "is not there"],
    ["systemctl restart engine", "no judge is known"],
  ])("refuse %s", (line, reason) => {
    expect(refused([{ at: "here", line }]).join("\n")).toContain(reason);
  });
});

describe("command lines", () => {
  it.each(workedFrom())("of %s are understood by the programs that they call", (file) => {
    expect(refused(commandLines(file))).toEqual([]);
  });

  it.each(workedFrom())("of %s are set as code", (file) => {
    expect(loosePhrases(file)).toEqual([]);
  });

  it.each(platform.map(({ environment }) => environment.name))(
    "of every scenario in %s are understood by the programs that they call",
    (name) => {
      const there = platform.find(({ environment }) => environment.name === name)!;
      const situation = situationOf(there.environment);
      const lines = SCENARIOS.filter((scenario) => scenario.refuses?.(situation) === undefined).flatMap((scenario) =>
        [...scenario.recovery(situation), ...scenario.failback(situation)].flatMap((step) =>
          stepCommands(step, resourceNamesOf(there), "20260302t081530").map((command) => ({
            at: `${scenario.id}, ${step.id}`,
            line: shellLine(command),
          })),
        ),
      );
      expect(refused(lines)).toEqual([]);
    },
  );
});
