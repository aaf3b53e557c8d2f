import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Environment, environmentInputs, loadEnvironments } from "../../../environments";
import { systemClock } from "../../run/clock";
import type { Deploy } from "../../scenarios/action";
import { stackId } from "../../scenarios/scenario";
import { EngineConnection } from "../../trading/connection";
import { Ledger } from "../../trading/ledger";
import { Load } from "../../trading/load";
import { Plant } from "../plant";
import { Strains } from "../strains";

export interface EnginesStageOptions {
  /** Journals and the clients' ledger lie in here. */
  readonly directory: string;
  readonly environment: string;
  readonly seed: number;
}

/** Orders that are durable before anything is broken, so that there is something to lose. */
const ORDERS_BEFORE_FAULT = 1_000;

/**
 * The engines, their line and their clients alone: of the cloud only what decides about them is there, which region is
 * lost, which role a deploy gives an engine, and where the edge leads. For what happens to orders the rest is scenery, and
 * without Terraform a drill takes seconds.
 */
export class EnginesStage {
  private readonly lost = new Set<string>();
  private readonly roles = new Map<string, "active" | "standby">();
  private edge: string;
  private active: string;

  private constructor(
    private readonly base: Environment,
    readonly plant: Plant,
    readonly ledger: Ledger,
    readonly load: Load,
    readonly strains: Strains,
  ) {
    this.active = base.activeRegion;
    this.edge = base.activeRegion;
    for (const { name } of base.regions) this.roles.set(name, name === this.active ? "active" : "standby");
  }

  static async open({ directory, environment: name, seed }: EnginesStageOptions): Promise<EnginesStage> {
    const base = loadEnvironments({ [name]: environmentInputs[name]! })[0]!;
    let stage: EnginesStage;
    const plant = await Plant.build({
      directory: join(directory, "engines"),
      regions: base.regions.map((region) => region.name),
      landscape: {
        isLost: (region) => stage.isLost(region),
        roleOf: (region) => stage.roles.get(region),
        edgeOrder: () => [stage.edge],
        engineImage: () => base.images.engine,
      },
      openDoor: (address) => EngineConnection.open(address),
      goodImage: () => base.images.engine,
    });
    const ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    const openDoor = EngineConnection.open;
    const load = new Load({ ledger, seed, route: () => plant.route(), openDoor });
    stage = new EnginesStage(base, plant, ledger, load, new Strains(plant));
    return stage;
  }

  environment(): Environment {
    return { ...this.base, activeRegion: this.active };
  }

  get edgeLeadsTo(): string {
    return this.edge;
  }

  isLost(region: string): boolean {
    return this.lost.has(region);
  }

  lose(region: string): void {
    this.lost.add(region);
    this.plant.engine(region).freeze();
  }

  restore(region: string): void {
    this.plant.engine(region).thaw();
    this.lost.delete(region);
  }

  /** What a deploy means for the engines and for the way of their users. */
  async deploy({ changes = [], stacks }: Deploy): Promise<void> {
    for (const { field, to } of changes) if (field === "activeRegion") this.active = String(to);
    for (const { name } of this.base.regions) {
      if (!stacks.includes(stackId(this.base, "workloads", name))) continue;
      this.roles.set(name, name === this.active ? "active" : "standby");
      await this.plant.deployed(name);
    }
    if (stacks.includes(stackId(this.base, "edge"))) this.edge = this.active;
  }

  async raise(): Promise<void> {
    await this.plant.raise();
    this.load.start();
    while (this.ledger.acknowledgements().length < ORDERS_BEFORE_FAULT) await pause(50);
  }

  async close(): Promise<void> {
    await this.strains.end();
    await this.load.stop();
    this.ledger.flush();
    await this.plant.stop();
  }
}
