import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import { engineRelease, engineRollback, previousEngineImage } from "./engine-release";
import { KubectlCluster } from "./kubectl-cluster";
import { RELEASED, replicasOf, statefulSet } from "./pod-sets";
import { PrometheusSignals } from "./prometheus-signals";
import { type ReleasePlan, type ReleaseSite, release } from "./release";
import { blueGreen, canary, rollback, rolling } from "./strategies";

type Workload = keyof typeof RELEASED;

interface Options {
  readonly context: string;
  readonly prometheus: string;
  readonly holdSeconds: number;
  readonly dryRun?: boolean;
}

const STRATEGIES = { rolling, canary, "blue-green": blueGreen } as const;
const READY_TIMEOUT_MS = 600_000;

function image(value: string): string {
  if (/^[\w.-]+(:\d+)?(\/[\w.-]+)+@sha256:[0-9a-f]{64}$/.test(value)) return value;
  throw new InvalidArgumentError("give registry/name@sha256:<64 hex digits>");
}

function workload(value: string): Workload {
  if (value in RELEASED) return value as Workload;
  throw new InvalidArgumentError(`choose one of ${Object.keys(RELEASED).join(", ")}`);
}

function seconds(value: string): number {
  if (/^\d+$/.test(value)) return Number(value);
  throw new InvalidArgumentError("give a number of seconds");
}

function siteOf({ context, prometheus, holdSeconds }: Options): ReleaseSite {
  return {
    cluster: new KubectlCluster(context),
    signals: new PrometheusSignals(prometheus),
    wait: (ms) => sleep(ms),
    report: (line) => console.log(`${pc.dim(new Date().toISOString())} ${line}`),
    holdMs: holdSeconds * 1000,
    readyTimeoutMs: READY_TIMEOUT_MS,
  };
}

async function carryOut(plan: ReleasePlan, site: ReleaseSite, dryRun?: boolean): Promise<void> {
  console.log(pc.bold(plan.title));
  if (dryRun) {
    for (const [index, { title }] of plan.steps.entries()) console.log(`  ${index + 1}. ${title}`);
    return;
  }
  await release(plan, site);
  console.log(pc.green("done; write the image into the environment's file, so that the next deploy keeps it"));
}

async function planRelease(strategy: keyof typeof STRATEGIES, name: Workload, newImage: string, site: ReleaseSite) {
  if (name !== "engine") return STRATEGIES[strategy](RELEASED[name], newImage);
  return engineRelease(newImage, replicasOf(await site.cluster.get(statefulSet(RELEASED.engine))));
}

async function planRollback(name: Workload, site: ReleaseSite): Promise<ReleasePlan> {
  if (name !== "engine") return rollback(RELEASED[name]);
  const { image: previous, engines } = await previousEngineImage(site);
  return engineRollback(previous, engines);
}

const withSite = (command: Command) =>
  command
    .requiredOption("--context <name>", "context of the cluster in your kubeconfig")
    .option("--prometheus <address>", "Prometheus that is watched", "http://127.0.0.1:9090")
    .option("--hold-seconds <seconds>", "how long each step is watched", seconds, 300)
    .option("--dry-run", "show the steps and change nothing");

/** What `npm run rollout` understands. */
export const program = new Command("rollout").description("Rolls out a new image, and stops when requests fail");

withSite(program.command("start"))
  .description("release an image; engines are always replaced one by one with a handover")
  .argument("<workload>", "gateway, frontend or engine", workload)
  .argument("<image>", "image pinned by digest", image)
  .addOption(new Option("--strategy <strategy>").choices(Object.keys(STRATEGIES)).default("canary"))
  .action(async (name: Workload, newImage: string, options: Options & { strategy: keyof typeof STRATEGIES }) => {
    const site = siteOf(options);
    await carryOut(await planRelease(options.strategy, name, newImage, site), site, options.dryRun);
  });

withSite(program.command("rollback"))
  .description("return to the image before the last release")
  .argument("<workload>", "gateway, frontend or engine", workload)
  .action(async (name: Workload, options: Options) => {
    const site = siteOf(options);
    await carryOut(await planRollback(name, site), site, options.dryRun);
  });
