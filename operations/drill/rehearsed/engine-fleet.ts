import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { freePort, type PromotionDecision } from "@hft/engine";
import type { EngineFacts } from "../execution/journal-gate";
import { EngineProcess } from "../trading/engine-process";
import type { Address, EngineSession, OpenEngineSession } from "../trading/engine-session";
import { Link } from "../trading/link";
import type { EngineStatus } from "../trading/messages";
import type { DeployedPlatform } from "./deployed-platform";

/** Role of an engine that does not run, or that nothing reaches. */
export type SeenStatus = EngineStatus | { readonly region: string; readonly role: "silent" };

export interface EngineFleetOptions {
  /** Where the engines keep their journals, one folder a region. */
  readonly directory: string;
  readonly regions: readonly string[];
  /** What of the cloud decides about the engines. */
  readonly platform: Pick<DeployedPlatform, "isLost" | "roleOf" | "edgeOrder" | "engineImage">;
  readonly openDoor: OpenEngineSession;
  /** Digest of the release that trades; an engine of another one does not start. */
  readonly goodImage: () => string;
}

/** Why an engine does not run, kept beside its journal, so that a resumed drill does not start it. */
type Absence = "scaled-down" | "without-power";

/**
 * The engines of the regions, as real processes with real journals. What is deployed in the simulated cloud decides
 * which of them runs and in what role it starts, as the cluster would have it: an engine that runs learns of a new role
 * by a restart.
 */
export class EngineFleet {
  private constructor(
    private readonly options: EngineFleetOptions,
    private readonly engines: ReadonlyMap<string, EngineProcess>,
    private readonly replicationLines: readonly Link[],
  ) {}

  static async build(options: EngineFleetOptions): Promise<EngineFleet> {
    const ports = await Promise.all(options.regions.flatMap(() => [freePort(), freePort()]));
    const entrances = options.regions.map((_, index) => ({ host: "127.0.0.1", port: ports[index * 2 + 1]! }));
    const lines = await Promise.all(entrances.map((entrance) => Link.to(entrance)));
    const engines = options.regions.map((region, index) => {
      const other = options.regions.length - 1 - index;
      const engine = new EngineProcess({
        region,
        directory: join(options.directory, region),
        role: "standby",
        port: ports[index * 2]!,
        replicationPort: ports[index * 2 + 1]!,
        peer: lines[other]!.address,
      });
      return [region, engine] as const;
    });
    return new EngineFleet(options, new Map(engines), lines);
  }

  /** Lines of the replication, one towards each region's engine. */
  lines(): readonly Link[] {
    return this.replicationLines;
  }

  engine(region: string): EngineProcess {
    return this.engines.get(region)!;
  }

  /** Starts what is deployed and does not run yet. A lost region's engine is left as it is: nobody can reach it. */
  async raise(): Promise<void> {
    for (const region of this.options.regions) {
      if (!this.options.platform.isLost(region)) await this.follow(region);
    }
  }

  /** The workloads of a region were deployed: its engine runs, with the release that they give it. */
  async deployed(region: string): Promise<void> {
    this.mark(region, "scaled-down", false);
    if (!this.options.platform.isLost(region)) await this.follow(region);
  }

  /** Lets an engine drain and end, until its workloads are deployed again: scaled to 0. */
  async scaleDown(region: string): Promise<void> {
    this.mark(region, "scaled-down", true);
    await this.engine(region).drain();
  }

  async restart(region: string): Promise<void> {
    await this.engine(region).drain();
    await this.follow(region);
  }

  /** Makes a standby the active engine; one that is active already is left as it is. Returns the epoch. */
  async promote(region: string, decision: PromotionDecision): Promise<number> {
    const engine = this.engine(region);
    const { role } = await engine.status();
    if (role !== "active") await engine.promote(decision);
    return (await engine.status()).epoch;
  }

  /** Where the public address leads: the first region of the edge's order that answers at all. */
  route(): Address | undefined {
    const region = this.options.platform.edgeOrder().find((each) => !this.options.platform.isLost(each));
    return region === undefined ? undefined : this.engine(region).address;
  }

  /** A way in at the public address. @throws when it leads nowhere, or nobody answers there */
  async open(): Promise<EngineSession> {
    const address = this.route();
    if (!address) throw new Error("the edge has no origin");
    return this.options.openDoor(address);
  }

  async facts(region: string): Promise<EngineFacts> {
    const status = await this.status(region);
    if (status.role === "silent") return { region, role: "silent" };
    const {
      role,
      epoch,
      durableSequence: sequence,
      standby,
      replicationLagSeconds: lagSeconds,
      leaderEndedAt,
    } = status;
    return { region, role, epoch, sequence, standby, lagSeconds, leaderEndedAt };
  }

  async status(region: string): Promise<SeenStatus> {
    const engine = this.engine(region);
    if (engine.silent) return { region, role: "silent" };
    return engine.status().catch(() => ({ region, role: "silent" as const }));
  }

  /** Takes the machines of a zone away, or gives them back: no engine starts without them. */
  async power(region: string, on: boolean): Promise<void> {
    this.mark(region, "without-power", !on);
    if (!on) await this.engine(region).kill();
  }

  async stop(): Promise<void> {
    for (const engine of this.engines.values()) {
      engine.thaw();
      await engine.kill();
      engine.strainDisk(undefined);
    }
    for (const line of this.replicationLines) line.close();
  }

  private async follow(region: string): Promise<void> {
    const engine = this.engine(region);
    const role = this.options.platform.roleOf(region);
    if (role === undefined || this.is(region, "scaled-down")) return;
    if (this.is(region, "without-power") || !this.trades(region)) {
      await engine.kill();
      return;
    }
    if (engine.running) return;
    await engine.start(role);
    // It would wait for its peer for ever; that the peer was given up is what somebody decided when writes were moved.
    // One that was promoted leads on, whatever role is deployed.
    if (this.peersAreAway(region) && (await engine.status()).role === "active") {
      await engine.continueAlone();
    }
  }

  private peersAreAway(region: string): boolean {
    const { platform, regions } = this.options;
    const away = (other: string) =>
      platform.isLost(other) || this.is(other, "scaled-down") || this.is(other, "without-power");
    return regions.every((other) => other === region || away(other));
  }

  private is(region: string, absence: Absence): boolean {
    return existsSync(this.absenceFile(region, absence));
  }

  private mark(region: string, absence: Absence, absent: boolean): void {
    const file = this.absenceFile(region, absence);
    mkdirSync(dirname(file), { recursive: true });
    if (absent) writeFileSync(file, "");
    else rmSync(file, { force: true });
  }

  private absenceFile(region: string, absence: Absence): string {
    return join(this.engine(region).options.directory, absence);
  }

  private trades(region: string): boolean {
    const digest = (image: string) => image.split("@").at(-1);
    const deployed = this.options.platform.engineImage(region);
    return deployed !== undefined && digest(deployed) === digest(this.options.goodImage());
  }
}
