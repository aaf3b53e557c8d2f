import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Environment, environmentInputs } from "../../environments";
import { type Rehearsal, startRehearsal } from "../../rehearsal";
import { synthesize } from "../../stacks";
import { type Places, placesOf } from "../live/places";
import { systemClock } from "../run/clock";
import { EngineConnection } from "../trading/connection";
import { Ledger } from "../trading/ledger";
import { Load } from "../trading/load";
import { testOrder } from "../trading/test-order";
import { EnvironmentOverlay } from "./environment-overlay";
import { Landscape } from "./landscape";
import { Plant } from "./plant";
import { PreparedCloud } from "./prepared-cloud";

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
/** Account of the probes; the load's accounts begin at 100. */
const PROBE_ACCOUNT = 1;

/** Everything that a rehearsed drill works with: the simulated cloud, the engines, the clients. */
export class Stage {
  private probes = 0;

  private constructor(
    readonly rehearsal: Rehearsal,
    readonly overlay: EnvironmentOverlay,
    readonly landscape: Landscape,
    readonly plant: Plant,
    readonly ledger: Ledger,
    readonly load: Load,
    private readonly options: StageOptions,
    private readonly current: { places: Places },
  ) {}

  /** Opens a stage; one that was left by an earlier process goes on where that ended. */
  static async open(options: StageOptions): Promise<Stage> {
    const { directory, seed } = options;
    const input = environmentInputs[options.environment]!;
    const overlay = new EnvironmentOverlay(input, join(directory, "environment.json"));
    const tree = join(directory, "cdktf.out");
    const current = { places: synthesized(overlay, tree) };
    const cloud = join(directory, "cloud");
    const prepared = new PreparedCloud(options.preparedClouds, tree);
    if (!existsSync(cloud) && prepared.copyTo(cloud)) writeFileSync(join(directory, RAISED), "");
    const rehearsal = await startRehearsal({ directory: cloud });
    const landscape = new Landscape(rehearsal, () => current.places);
    const plant = await Plant.build({
      directory: join(directory, "engines"),
      regions: overlay.environment().regions.map(({ name }) => name),
      landscape,
      openDoor: (address) => EngineConnection.open(address),
      goodImage: () => input.images.engine,
    });
    const ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    const load = new Load({
      ledger,
      seed,
      route: () => plant.route(),
      openDoor: (address) => EngineConnection.open(address),
    });
    return new Stage(rehearsal, overlay, landscape, plant, ledger, load, options, current);
  }

  /** Writes the stacks anew from the environment as it is now. */
  synthesize(): void {
    this.current.places = synthesized(this.overlay, this.tree);
  }

  places(): Places {
    return this.current.places;
  }

  get tree(): string {
    return join(this.options.directory, "cdktf.out");
  }

  /** Where the rehearsal's Terraform works, one folder a stack. */
  get deployDirectory(): string {
    return join(this.options.directory, "cloud", "deploy", "cdktf.out");
  }

  environment(): Environment {
    return this.overlay.environment();
  }

  /** Deploys everything, starts the engines and the clients. What stands already is left as it is. */
  async raise(): Promise<void> {
    const { directory, preparedClouds } = this.options;
    if (existsSync(join(directory, RAISED))) await this.plant.follow();
    else {
      await this.deploy([]);
      writeFileSync(join(directory, RAISED), "");
      new PreparedCloud(preparedClouds, this.tree).keep(join(directory, "cloud"));
    }
    this.load.start();
  }

  /** The real cdktf and Terraform over stacks (none named: all), then the engines follow. @throws with Terraform's errors */
  async deploy(stacks: readonly string[], signal?: AbortSignal): Promise<void> {
    const deployment = await this.rehearsal.deployStacks({
      tree: this.tree,
      ...(stacks.length > 0 && { stacks }),
      signal,
      onProgress: ({ stack, kind, text }) => {
        if (kind === "stack-done") this.options.onProgress?.(`${stack}  ${text}`);
      },
    });
    signal?.throwIfAborted();
    if (!deployment.succeeded) throw new Error(deployment.errors.join("\n") || deployment.output.slice(-2_000));
    await this.plant.follow();
  }

  /** Sends one order through the edge, as a user would, and says how it was answered. */
  async probe(): Promise<"durable" | "silence" | string> {
    this.probes += 1;
    const clientOrderId = Date.now() * 100 + (this.probes % 100);
    const order = testOrder(PROBE_ACCOUNT, clientOrderId);
    try {
      const door = await this.plant.open();
      const answer = await door.place(order).finally(() => door.close());
      return answer.answer === "rejected" ? answer.reason : answer.answer;
    } catch {
      return "silence";
    }
  }

  async close(): Promise<void> {
    await this.load.stop();
    this.ledger.flush();
    await this.plant.stop();
    await this.rehearsal.stop();
  }
}

function synthesized(overlay: EnvironmentOverlay, tree: string): Places {
  const input = overlay.input();
  const [result] = synthesize({ [input.name]: input }, tree);
  return placesOf(result!);
}
