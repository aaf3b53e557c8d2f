import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentInputs } from "../../environments";
import { synthesize } from "../../stacks";
import { SCENARIOS } from "../drill/scenarios";
import { alertsOf } from "./alerts";
import { runbookPages } from "./pages";
import { PARTICULAR_ALERTS, remedyFor } from "./remedies";

const [production] = synthesize(
  { production: environmentInputs.production },
  join(mkdtempSync(join(tmpdir(), "runbooks-")), "cdktf.out"),
);
const pages = runbookPages(production!);
const alerts = alertsOf(production!);

describe("runbooks", () => {
  it("are those of the scenarios and alerts that there are: run npm run docs:runbooks after a change of either", () => {
    const written = readdirSync("docs/runbooks");
    expect(written.sort()).toEqual(Object.keys(pages).sort());
    const outdated = written.filter((file) => readFileSync(join("docs/runbooks", file), "utf8") !== pages[file]);
    expect(outdated).toEqual([]);
  });

  it("are one for each scenario and each alert", () => {
    expect(alerts.length).toBeGreaterThan(30);
    for (const { id } of SCENARIOS) expect(pages).toHaveProperty([`${id}.md`]);
    for (const { alert } of alerts) expect(pages).toHaveProperty([`${alert}.md`]);
  });

  it("link only to pages that exist", () => {
    const links = Object.values(pages).flatMap((page) =>
      [...page.matchAll(/\]\((\S+\.md)\)/g)].map(([, link]) => link!),
    );
    expect(links.filter((link) => !(link in pages))).toEqual([]);
  });

  it("have particular advice only for alerts that exist", () => {
    const names = alerts.map(({ alert }) => alert);
    expect(PARTICULAR_ALERTS.filter((alert) => !names.includes(alert))).toEqual([]);
  });

  it("cannot be without advice", () => {
    expect(() => remedyFor("NewAlert", "a new component")).toThrow('no remedy for component "a new component"');
  });

  it("begin each alert with looks that change nothing", () => {
    const looks = alerts.flatMap(({ alert, labels }) => remedyFor(alert, labels.component).look);
    const harmful = looks.filter((look) => {
      const [program, ...words] = look.split(" ");
      if (program === "kubectl") {
        const verb = words.find(
          (word, at) => !word.startsWith("--") && !words[at - 1]?.match(/^--(context|namespace)$/),
        );
        return !["get", "describe", "logs", "top", "exec"].includes(verb!) || /method|DELETE|POST|PUT|PATCH/.test(look);
      }
      if (program === "curl") return /--(request|data|json|upload-file)\b|-X/.test(look);
      if (program === "aws") return !/^(describe|list|get)-/.test(words[1] ?? "");
      return /^(npm|npx|terraform|sh)$/.test(program!);
    });
    expect([...new Set(harmful)]).toEqual([]);
    expect(looks.filter((look) => look.startsWith("kubectl")).length).toBeGreaterThan(50);
  });

  it("show each step's commands, its plan and what to do when it fails", () => {
    const page = pages["region-loss.md"]!;
    const steps = SCENARIOS[0]!.recovery({
      environment: production!.environment,
      active: "eu-west-1",
      standby: "eu-central-1",
      file: "",
      lastGoodEngine: "",
    });
    for (const { title, ifItFails } of steps) {
      expect(page).toContain(title);
      expect(page).toContain(ifItFails);
    }
    expect(page).toContain("terraform -chdir=cdktf.out/stacks/production-eu-central-1-data apply");
    expect(page).not.toMatch(/undefined|\[object/);
  });
});
