import { setTimeout as pause } from "node:timers/promises";
import { BusyMachine } from "../trading/busy-machine";
import type { Plant } from "./plant";
import type { Strain } from "./strain";

/** How long a line stays slow after somebody was alone: a standby has to come near over it, so it may not stay for ever. */
const SLOW_LINE_MS = 4_000;

/** Puts strains on the engines of a plant and takes them off again; several may hold at once. */
export class Strains {
  private readonly machine = new BusyMachine();
  private readonly under: Promise<void>[] = [];
  private readonly over = new AbortController();

  constructor(private readonly plant: Plant) {}

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
    const { plant } = this;
    switch (strain.kind) {
      case "slow-syncs":
        plant.engine(strain.region).strainDisk({ syncDelayMs: strain.syncDelayMs, full: false });
        await this.wait(strain.forMs);
        return plant.engine(strain.region).strainDisk(undefined);
      case "full-disk":
        plant.engine(strain.region).strainDisk({ syncDelayMs: 0, full: true });
        await this.wait(strain.forMs);
        return plant.engine(strain.region).strainDisk(undefined);
      case "throttled-line":
        for (const line of plant.lines()) line.throttle(strain.bytesPerSecond);
        await this.wait(strain.forMs);
        return this.mendLines();
      case "cut-line":
        for (const line of plant.lines()) line.cut();
        await this.wait(strain.forMs);
        return this.mendLines();
      case "left-alone":
        return this.leaveAlone(strain);
      case "busy-machine":
        this.machine.begin(strain.processes);
        await this.wait(strain.forMs);
        return this.machine.end();
    }
  }

  private async leaveAlone({ region, bytesPerSecond, forMs }: Extract<Strain, { kind: "left-alone" }>): Promise<void> {
    const { plant } = this;
    // At once, before the step looks at anything: a gate that was seen before would be no gate.
    for (const line of plant.lines()) line.cut();
    // The engine has to notice that its standby is gone before it may go on without it.
    while ((await plant.facts(region)).standby === "attached" && !this.over.signal.aborted) await this.wait(50);
    // Refused when another strain has ended meanwhile and the standby is attached again: then nobody is alone.
    if ((await plant.facts(region)).role === "active") {
      await plant
        .engine(region)
        .continueAlone()
        .catch(() => {});
    }
    await this.wait(forMs);
    for (const line of plant.lines()) {
      line.mend();
      line.throttle(bytesPerSecond);
    }
    await this.wait(SLOW_LINE_MS);
    this.mendLines();
  }

  private mendLines(): void {
    for (const line of this.plant.lines()) line.mend();
  }

  private wait(durationMs: number): Promise<unknown> {
    return pause(durationMs, undefined, { signal: this.over.signal }).catch(() => {});
  }
}
