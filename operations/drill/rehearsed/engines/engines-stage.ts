import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { replaceFile } from "@hft/toolkit";
import { type Environment, movedTo, type RegionRole } from "../../../../environments";
import { stackId } from "../../../../vocabulary";
import { systemClock } from "../../run/clock";
import type { Deploy } from "../../scenarios/action";
import { EngineConnection } from "../../trading/connection";
import { Ledger } from "../../trading/ledger";
import { Load } from "../../trading/load";
import { EngineFleet } from "../engine-fleet";
import { Strains } from "../strains";

export interface EnginesStageOptions {
  /** Journals and the clients' ledger lie in here. */
  readonly directory: string;
  readonly environment: Environment;
  readonly seed: number;
}

/** Orders that are durable before anything is broken, so that there is something to lose. */
const ORDERS_BEFORE_FAULT = 1_000;

/** What stands in the place of the cloud. */
interface Ground {
  readonly lost: readonly string[];
  readonly roles: Readonly<Record<string, RegionRole>>;
  readonly active: string;
  /** Where the edge leads. */
  readonly edge: string;
}

/** The ground of a drill, in a file: a drill that is resumed in a new process finds it as it was. */
class GroundFile {
  now: Ground;

  constructor(
    private readonly file: string,
    { activeRegion, regions }: Environment,
  ) {
    this.now = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as Ground)
      : {
          lost: [],
          roles: Object.fromEntries(regions.map(({ name, role }) => [name, role])),
          active: activeRegion,
          edge: activeRegion,
        };
  }

  change(changes: Partial<Ground>): void {
    this.now = { ...this.now, ...changes };
    replaceFile(this.file, JSON.stringify(this.now));
  }
}

/**
 * The engines, their line and their clients alone: of the cloud only what decides about them is there, which region is
 * lost, which role a deploy gives an engine, and where the edge leads. For what happens to orders the rest is scenery,
 * and without Terraform a drill takes seconds.
 */
export class EnginesStage {
  private constructor(
    private readonly base: Environment,
    readonly fleet: EngineFleet,
    readonly ledger: Ledger,
    readonly load: Load,
    readonly strains: Strains,
    private readonly ground: GroundFile,
  ) {}

  static async open({ directory, environment: base, seed }: EnginesStageOptions): Promise<EnginesStage> {
    const ground = new GroundFile(join(directory, "ground.json"), base);
    const fleet = await EngineFleet.build({
      directory: join(directory, "engines"),
      regions: base.regions.map((region) => region.name),
      platform: {
        isLost: (region) => ground.now.lost.includes(region),
        roleOf: (region) => ground.now.roles[region],
        edgeOrder: () => [ground.now.edge],
        engineImage: () => base.images.engine,
      },
      openDoor: (address) => EngineConnection.open(address),
      goodImage: () => base.images.engine,
    });
    const ledger = new Ledger(join(directory, "ledger.jsonl"), systemClock);
    const openDoor = EngineConnection.open;
    const load = new Load({ ledger, seed, route: () => fleet.route(), openDoor });
    return new EnginesStage(base, fleet, ledger, load, new Strains(fleet), ground);
  }

  environment(): Environment {
    return movedTo(this.base, this.ground.now.active);
  }

  get edgeLeadsTo(): string {
    return this.ground.now.edge;
  }

  isLost(region: string): boolean {
    return this.ground.now.lost.includes(region);
  }

  lose(region: string): void {
    this.ground.change({ lost: [region] });
    this.fleet.engine(region).freeze();
  }

  restore(region: string): void {
    this.fleet.engine(region).thaw();
    this.ground.change({ lost: this.ground.now.lost.filter((each) => each !== region) });
  }

  /** What a deploy means for the engines and for the way of their users. */
  async deploy({ changes = [], stacks }: Deploy): Promise<void> {
    const { ground } = this;
    for (const { field, to } of changes) if (field === "activeRegion") ground.change({ active: String(to) });
    const { active } = ground.now;
    for (const { name } of this.base.regions) {
      if (!stacks.includes(stackId(this.base, "workloads", name))) continue;
      ground.change({ roles: { ...ground.now.roles, [name]: name === active ? "active" : "standby" } });
      await this.fleet.deployed(name);
    }
    if (stacks.includes(stackId(this.base, "edge"))) ground.change({ edge: active });
  }

  async raise(): Promise<void> {
    await this.fleet.raise();
    this.load.start();
    while (this.ledger.acknowledgements().length < ORDERS_BEFORE_FAULT) await pause(50);
  }

  async close(): Promise<void> {
    await this.strains.end();
    await this.load.stop();
    this.ledger.flush();
    await this.fleet.stop();
  }
}
