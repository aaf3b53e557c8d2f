import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Rehearsal, startRehearsal } from "@hft/rehearsal";
import { type Environment, environmentInputs } from "../../../environments";
import { synthesize } from "../../../stacks";
import { stackId } from "../../../vocabulary";
import type { PlanDocument } from "../execution/plan-outcome";
import { type ResourceNames, resourceNamesOf } from "../live/resource-names";
import { systemClock } from "../run/clock";
import { EngineConnection } from "../trading/connection";
import { Ledger } from "../trading/ledger";
import { Load } from "../trading/load";
import { testOrder } from "../trading/test-order";
import { DeployedPlatform } from "./deployed-platform";
import { EngineFleet } from "./engine-fleet";
import { EnvironmentOverlay } from "./environment-overlay";
import { PreparedCloud } from "./prepared-cloud";
import { Strains } from "./strains";
import { Terraform } from "./terraform";

export interface StageOptions {
  /** Everything of this rehearsal lies in here: cloud, states, journals, the clients' ledger. */
  readonly directory: string;
  /** Where simulated clouds with everything deployed are kept for the next drill. */
  readonly preparedClouds: string;
  readonly environment: string;
  readonly seed: number;
  /** Told of what Terraform does. @default - nobody */
  readonly onProgress?: (line: string) => void;
}

/** File that says that everything has been deployed once. */
const RAISED = "raised";
/** Orders that are durable before anything is broken, so that there is something to lose. */
const ORDERS_BEFORE_FAULT = 1_000;
/** Account of the probes; the load's accounts begin at 100. */
const PROBE_ACCOUNT = 1;

/** Everything that a rehearsed drill works with: the simulated cloud, the engines, the clients. */
export class Stage {
  private probes = 0;

  private constructor(
    readonly rehearsal: Rehearsal,
    readonly overlay: EnvironmentOverlay,
    readonly platform: DeployedPlatform,
    readonly fleet: EngineFleet,
    readonly ledger: Ledger,
    readonly load: Load,
    readonly terraform: Terraform,
    readonly strains: Strains,
    private readonly options: StageOptions,
    private readonly current: { resourceNames: ResourceNames; input: string },
  ) {}

  /** Opens a stage; one that was left by an earlier process goes on where that ended. */
  static async open(options: StageOptions): Promise<Stage> {
    const { directory, seed } = options;
    const input = environmentInputs[options.environment]!;
    const overlay = new EnvironmentOverlay(input, join(directory, "environment.json"));
    const tree = join(directory, "cdktf.out");
    const current = { resourceNames: synthesized(overlay, tree), input: JSON.stringify(overlay.input()) };
    const cloud = join(directory, "cloud");
    const prepared = new PreparedCloud(options.preparedClouds, tree);
    if (!existsSync(cloud) && prepared.copyTo(cloud)) writeFileSync(join(directory, RAISED), "");
    const rehearsal = await startRehearsal({ directory: cloud, trees: [tree] });
    const platform = new DeployedPlatform(rehearsal, () => current.resourceNames);
    const fleet = await EngineFleet.build({
      directory: join(directory, "engines"),
      regions: overlay.environment().regions.map(({ name }) => name),
      platform,
      openDoor: (address) => EngineConnection.open(address),
      goodImage: () => input.images.engine,
    });
    const ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    const load = new Load({
      ledger,
      seed,
      route: () => fleet.route(),
      openDoor: (address) => EngineConnection.open(address),
    });
    const terraform = new Terraform({
      tree,
      directory: join(directory, "terraform"),
      environment: () => rehearsal.environmentVariables(),
    });
    return new Stage(
      rehearsal,
      overlay,
      platform,
      fleet,
      ledger,
      load,
      terraform,
      new Strains(fleet),
      options,
      current,
    );
  }

  /** Writes the stacks anew when the environment has changed since they were written. */
  synthesize(): void {
    const input = JSON.stringify(this.overlay.input());
    if (input === this.current.input) return;
    this.current.resourceNames = synthesized(this.overlay, this.tree);
    this.current.input = input;
  }

  resourceNames(): ResourceNames {
    return this.current.resourceNames;
  }

  get tree(): string {
    return join(this.options.directory, "cdktf.out");
  }

  environment(): Environment {
    return this.overlay.environment();
  }

  /** Deploys everything to the simulated cloud. What stands already is left as it is. */
  async stand(): Promise<void> {
    const { directory, preparedClouds } = this.options;
    if (existsSync(join(directory, RAISED))) return;
    await this.deployEverything();
    writeFileSync(join(directory, RAISED), "");
    new PreparedCloud(preparedClouds, this.tree).keep(join(directory, "cloud"));
  }

  /** Deploys everything, starts the engines and the clients. */
  async raise(): Promise<void> {
    await this.stand();
    await this.fleet.raise();
    this.load.start();
    while (this.ledger.acknowledgements().length < ORDERS_BEFORE_FAULT) await pause(50);
  }

  /**
   * Plans a stack, applies that plan, and lets the region's engine follow when it is its workloads. Returns the plan.
   */
  async deploy(stack: string, signal?: AbortSignal): Promise<PlanDocument> {
    const plan = await this.terraform.plan(stack, signal);
    signal?.throwIfAborted();
    await this.terraform.apply(stack, signal);
    const environment = this.environment();
    const region = environment.regions.find(({ name }) => stack === stackId(environment, "workloads", name));
    if (region) await this.fleet.deployed(region.name);
    return plan;
  }

  /** The real cdktf over all stacks, in their order. @throws with Terraform's errors */
  private async deployEverything(): Promise<void> {
    const deployment = await this.rehearsal.deployStacks({
      tree: this.tree,
      onProgress: ({ stack, kind, text }) => {
        if (kind === "stack-done") this.options.onProgress?.(`${stack}  ${text}`);
      },
    });
    if (!deployment.succeeded) throw new Error(deployment.errors.join("\n") || deployment.output.slice(-2_000));
  }

  /** Sends one order through the edge, as a user would, and says how it was answered. */
  async probe(): Promise<"durable" | "silence" | string> {
    this.probes += 1;
    const clientOrderId = Date.now() * 100 + (this.probes % 100);
    const order = testOrder(PROBE_ACCOUNT, clientOrderId);
    try {
      const session = await this.fleet.open();
      const answer = await session.place(order).finally(() => session.close());
      return answer.answer === "rejected" ? answer.reason : answer.answer;
    } catch {
      return "silence";
    }
  }

  /** Removes everything that the rehearsal has left. */
  forget(): void {
    rmSync(this.options.directory, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.strains.end();
    await this.load.stop();
    this.ledger.flush();
    await this.fleet.stop();
    await this.rehearsal.stop();
  }
}

function synthesized(overlay: EnvironmentOverlay, tree: string): ResourceNames {
  const input = overlay.input();
  const [result] = synthesize({ [input.name]: input }, tree);
  return resourceNamesOf(result!);
}
