import { existsSync } from "node:fs";
import { join } from "node:path";
import { findTool, runTool, suiteThatNeeds, TOOL_CACHE } from "@hft/testing";
import { PROMOTION_ORDER } from "../../environments";
import { SCENARIOS } from "../../operations/drill/scenarios";
import { readWorkflows } from "./workflows";

const workflows = readWorkflows();
const named = (file: string) => workflows.find((workflow) => workflow.file === file)!;
const choices = (file: string, input: string) => named(file).on.workflow_dispatch!.inputs![input]!.options;

/** An action by the hash of its commit, with the release that it is: tags can be moved, and were. */
const PINNED = /uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

describe("the workflows", () => {
  it.each(workflows.map(({ file, text }) => [file, text]))("name actions by commit and release: %s", (_file, text) => {
    const uses = text.split("\n").filter((line) => /^\s*(- )?uses:/.test(line));
    expect(uses.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  it("name one commit for one action", () => {
    const uses = workflows.flatMap(({ text }) => [...text.matchAll(/uses: ([\w.-]+\/[\w.-]+)[\w/-]*@(\S+ # \S+)/g)]);
    const pins = new Set(uses.map(([, action, commit]) => `${action} ${commit}`));
    expect(pins.size).toBe(new Set(uses.map(([, action]) => action)).size);
  });

  it.each(workflows.map((workflow) => [workflow.file, workflow] as const))("end some time: %s", (_file, { jobs }) => {
    const endless = Object.entries(jobs).filter(([, job]) => !job["timeout-minutes"]);
    expect(endless.map(([name]) => name)).toEqual([]);
  });

  it.each(workflows.map((workflow) => [workflow.file, workflow] as const))(
    "leave no credentials in a checkout: %s",
    (_file, { jobs }) => {
      const steps = Object.values(jobs).flatMap(({ steps }) => steps);
      const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
      expect(checkouts.map((step) => step.with?.["persist-credentials"])).toEqual(checkouts.map(() => false));
    },
  );

  // Variables of a GitHub environment are empty where its runner is chosen (actions/runner issue 2472): the repository
  // has one for each.
  it("choose a runner inside the network of each environment", () => {
    const runner = named("deploy.yml").jobs.deploy!["runs-on"];
    for (const environment of PROMOTION_ORDER) {
      expect(runner).toContain(`matrix.environment == '${environment}' && vars.RUNNER_${environment.toUpperCase()}`);
    }
    expect(runner).not.toMatch(/vars\.RUNNER\b/);
  });

  // What EKS, EC2 and Cloudflare refuse is refused before anything is made, and what was made is tried as its users
  // would.
  it("ask the account before they deploy to it, and try what they deployed", () => {
    const steps = named("deploy.yml").jobs.deploy!.steps.map(({ run }) => run ?? "");
    const at = (command: string) => steps.findIndex((run) => run.includes(command));
    const order = ["npm run --silent preflight", "review -- deploy", "npm run --silent smoke"].map(at);
    expect(order).not.toContain(-1);
    expect(order).toEqual([...order].sort((one, other) => one - other));
  });

  it("build the image from where its Dockerfile says", () => {
    const builds = workflows
      .flatMap(({ jobs }) => Object.values(jobs).flatMap(({ steps }) => steps))
      .filter(({ uses }) => uses?.startsWith("docker/build-push-action@"));
    expect(builds.length).toBeGreaterThan(0);
    for (const build of builds) expect(build.with).toMatchObject({ context: ".", file: "engine/Dockerfile" });
  });
});

describe("promote.yml", () => {
  const steps = named("promote.yml").jobs.copy!.steps;
  const copy = steps.find(({ run }) => run?.includes("cosign verify"))!.run!;

  // Signed by cosign 3, as release.yml does: the signature refers to the image, and nothing but a recursive copy takes
  // it along.
  it("takes signatures along, which refer to the image", () => {
    expect(copy).toMatch(/^oras cp --recursive "\$source" "\$target:/m);
    expect(copy).not.toContain("cosign copy");
    expect(steps.some(({ uses }) => uses?.startsWith("oras-project/setup-oras@"))).toBe(true);
  });

  it("gives the copy a tag: the registry drops images without one after a while", () => {
    expect(copy).toMatch(/"\$target:\$\{digest#sha256:\}"$/m);
  });
});

describe("lists in workflows, which GitHub reads before any code runs", () => {
  it("deploy the environments in the order in which releases go up", () => {
    expect(choices("deploy.yml", "environment")).toEqual(PROMOTION_ORDER);
    expect(named("deploy.yml").text).toContain(`environments='${JSON.stringify(PROMOTION_ORDER)}'`);
  });

  it("look after the environments that have users, and load the ones that have none", () => {
    expect(named("health.yml").jobs.look!.strategy!.matrix.environment).toEqual(PROMOTION_ORDER.slice(1));
    expect(choices("load.yml", "environment")).toEqual(PROMOTION_ORDER.slice(0, -1));
  });

  it("drill scenarios that there are", () => {
    const known = SCENARIOS.map(({ id }) => id);
    for (const scenario of choices("drill.yml", "scenario")!) expect(known).toContain(scenario);
    const { matrix } = named("drill.yml").jobs.rehearse!.strategy!;
    expect(String(matrix.scenario)).toContain(JSON.stringify(choices("drill.yml", "scenario")).replaceAll(",", ", "));
  });
});

const zizmor = join(TOOL_CACHE, "zizmor-1.32.0/zizmor");
const actionlint = findTool("actionlint");
const missing = [...(actionlint ? [] : ["actionlint"]), ...(existsSync(zizmor) ? [] : ["zizmor"])].join(", ");
const suite = suiteThatNeeds(missing ? `${missing} not installed; run test/workflows/install.sh` : undefined);
const judge = (program: string, ...args: string[]) => {
  const { status, stdout, stderr } = runTool(program, args);
  return { status, output: `${stdout}${stderr}` };
};

/** zizmor looks at workflows and at dependabot.yml. */
suite("the workflows' judges", () => {
  it("find nothing: actionlint", () => {
    expect(judge(actionlint!)).toEqual({ status: 0, output: "" });
  });

  it("find nothing, at the strictest that does not doubt everything: zizmor", () => {
    const { status, output } = judge(zizmor, "--offline", "--no-progress", "--persona=pedantic", ".github");
    expect(output).toContain("No findings to report");
    expect(status).toBe(0);
  });
});
