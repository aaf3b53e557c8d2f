import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { KillableProcess, type PromotionDecision } from "@hft/engine";
import { replaceFile } from "@hft/toolkit";
import { endsWithThis } from "../run/ends-with-this";
import { EngineConnection } from "./connection";
import { type DiskStrain, STRAIN_FILE_VARIABLE } from "./disk-strain";
import type { Address, EngineSession } from "./engine-session";
import type { HostOptions } from "./host-options";
import type { EngineStatus, Holdings } from "./messages";

/** What Kubernetes would wait before it kills. */
const DRAIN_TIMEOUT_MS = 10_000;

/** One engine process of the rehearsal, with its journal in a folder of its own. */
export class EngineProcess {
  private process: KillableProcess | undefined;

  constructor(readonly options: HostOptions) {}

  get address(): Address {
    return { host: "127.0.0.1", port: this.options.port };
  }

  get running(): boolean {
    return this.process?.running ?? false;
  }

  /** Whether it is cut off: it exists, and nothing reaches it. */
  get silent(): boolean {
    return this.process?.silent ?? true;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  async start(role: HostOptions["role"]): Promise<void> {
    if (this.running) return;
    const { directory, region } = this.options;
    mkdirSync(directory, { recursive: true });
    const host = join(__dirname, "engine-host.ts");
    // By --require: what --import preloads does not come into threads whose program is given as text.
    const preloads = ["tsx/cjs", join(__dirname, "strained-files.ts")].flatMap((each) => ["--require", each]);
    this.process = KillableProcess.start({
      name: `the engine of ${region}`,
      program: process.execPath,
      args: [...preloads, host, JSON.stringify({ ...this.options, role })],
      env: { ...process.env, [STRAIN_FILE_VARIABLE]: this.strainFile },
      // The host ends when this end of its input closes: with the drill, however that ends.
      holdsInput: true,
      logFile: join(directory, "engine.log"),
      leftover: { pidFile: join(directory, "engine.pid"), mark: directory },
      register: (start) => endsWithThis("killed", start),
    });
    await this.process.firstLine((line) => line === "ready" || undefined);
  }

  /** Makes its disk worse from now on, or as good as it is. */
  strainDisk(strain: DiskStrain | undefined): void {
    if (strain === undefined) rmSync(this.strainFile, { force: true });
    else replaceFile(this.strainFile, JSON.stringify(strain));
  }

  private get strainFile(): string {
    return join(this.options.directory, "disk-strain.json");
  }

  /** Cuts it off without its knowledge: it will go on where it stopped, as a machine does whose network was gone. */
  freeze(): void {
    this.process?.freeze();
  }

  thaw(): void {
    this.process?.thaw();
  }

  /** Asks it to make everything durable and to end. */
  async drain(): Promise<void> {
    await this.process?.end("SIGTERM", DRAIN_TIMEOUT_MS);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  async status(): Promise<EngineStatus> {
    return this.with((session) => session.status());
  }

  async holdings(): Promise<Holdings> {
    return this.with((session) => session.holdings());
  }

  async promote(decision: PromotionDecision): Promise<void> {
    await this.with((session) => session.promote(decision));
  }

  /** Acknowledges what is durable on its own disk, until a standby attaches. */
  async continueAlone(): Promise<void> {
    await this.with((session) => session.continueAlone());
  }

  /** A way in for clients that know this engine's own address. */
  open(): Promise<EngineSession> {
    return EngineConnection.open(this.address);
  }

  private async with<T>(use: (session: EngineSession) => Promise<T>): Promise<T> {
    const session = await this.open();
    try {
      return await use(session);
    } finally {
      session.close();
    }
  }
}
