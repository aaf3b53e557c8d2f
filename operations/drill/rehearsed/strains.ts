import { setTimeout as pause } from "node:timers/promises";
import { BusyMachine } from "../trading/busy-machine";
import type { EngineFleet } from "./engine-fleet";
import { type LineStrain, LineStrains } from "./line-strains";
import type { LeftAlone, Strain } from "./strain";

/**
 * How long a line stays slow after a standby has asked over it. Longer than the rest of its start and than an engine
 * that ends waits for its standby (four seconds, `engine/replication/farewell.ts`), so that a gate that opens too early
 * is not made good by that; not for ever, because a standby has to come near in the end.
 */
const SLOW_LINE_MS = 12_000;
/** How long a standby is waited for: the start of one on a busy machine. */
const COMING_MS = 20_000;
const LOOK_MS = 50;

/** Puts strains on the engines of a fleet and takes them off again; several may hold at once. */
export class Strains {
  private readonly machine = new BusyMachine();
  private readonly line: LineStrains;
  private readonly under: Promise<void>[] = [];
  private readonly over = new AbortController();

  constructor(private readonly fleet: EngineFleet) {
    this.line = new LineStrains(() => fleet.lines());
  }

  /** Begins a strain; it ends by itself. */
  begin(strain: Strain): void {
    this.under.push(this.hold(strain).catch(() => {}));
  }

  /** Takes every strain off. */
  async end(): Promise<void> {
    this.over.abort();
    await Promise.all(this.under);
  }

  private async hold(strain: Strain): Promise<void> {
    const { fleet } = this;
    switch (strain.kind) {
      case "slow-syncs":
        fleet.engine(strain.region).strainDisk({ syncDelayMs: strain.syncDelayMs, full: false });
        await this.wait(strain.forMs);
        return fleet.engine(strain.region).strainDisk(undefined);
      case "full-disk":
        fleet.engine(strain.region).strainDisk({ syncDelayMs: 0, full: true });
        await this.wait(strain.forMs);
        return fleet.engine(strain.region).strainDisk(undefined);
      case "throttled-line":
        return this.strainLine({ bytesPerSecond: strain.bytesPerSecond }, () => this.wait(strain.forMs));
      case "cut-line":
        return this.strainLine("cut", () => this.wait(strain.forMs));
      case "left-alone":
        return this.leaveAlone(strain);
      case "busy-machine":
        this.machine.begin(strain.processes);
        await this.wait(strain.forMs);
        return this.machine.end();
    }
  }

  private async leaveAlone({ region, bytesPerSecond, forMs, slowForMs = SLOW_LINE_MS }: LeftAlone): Promise<void> {
    // At once, before the step looks at anything: a gate that was seen before would be no gate.
    const joinAgain = this.line.put("cut");
    let slow = Promise.resolve();
    try {
      await this.goOnAlone(region);
      await this.wait(forMs);
      slow = this.strainLine({ bytesPerSecond }, () => this.catchingUp(region, slowForMs));
    } finally {
      joinAgain();
    }
    await slow;
  }

  /** From the coming of the standby: it starts at a time of its own. */
  private async catchingUp(region: string, slowForMs: number): Promise<void> {
    const deadlineMs = performance.now() + COMING_MS;
    while (!(await this.standbyIsThere(region)) && performance.now() < deadlineMs) await this.wait(LOOK_MS);
    await this.wait(slowForMs);
  }

  private async standbyIsThere(region: string): Promise<boolean> {
    return this.over.signal.aborted || (await this.fleet.facts(region)).standby !== "absent";
  }

  private async goOnAlone(region: string): Promise<void> {
    const { fleet } = this;
    // The engine has to notice that its standby is gone before it may go on without it.
    while ((await fleet.facts(region)).standby === "attached" && !this.over.signal.aborted) await this.wait(LOOK_MS);
    if ((await fleet.facts(region)).role === "active") await fleet.engine(region).continueAlone();
  }

  private async strainLine(strain: LineStrain, until: () => Promise<unknown>): Promise<void> {
    const takeOff = this.line.put(strain);
    await until();
    takeOff();
  }

  private wait(durationMs: number): Promise<unknown> {
    return pause(durationMs, undefined, { signal: this.over.signal }).catch(() => {});
  }
}
