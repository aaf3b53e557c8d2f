import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PromotionDecision } from "@hft/engine";
import { replaceFile } from "@hft/toolkit";
import { endsWithThis } from "../run/ends-with-this";
import { EngineConnection } from "./connection";
import { type DiskStrain, STRAIN_FILE_VARIABLE } from "./disk-strain";
import type { Address, Door } from "./door";
import type { HostOptions } from "./host-options";
import type { EngineStatus, Holdings } from "./messages";

/** A start replays the journal; longer than this is a fault. */
const START_TIMEOUT_MS = 60_000;

/** What Kubernetes would wait before it kills. */
const DRAIN_TIMEOUT_MS = 10_000;

/** One engine process of the rehearsal, with its journal in a folder of its own. */
export class EngineProcess {
  private child: ChildProcess | undefined;
  private frozen = false;

  constructor(readonly options: HostOptions) {}

  get address(): Address {
    return { host: "127.0.0.1", port: this.options.port };
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Whether it is cut off: it exists, and nothing reaches it. */
  get silent(): boolean {
    return this.frozen || !this.running;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  async start(role: HostOptions["role"]): Promise<void> {
    if (this.running) return;
    mkdirSync(this.options.directory, { recursive: true });
    this.endLeftover();
    const program = join(__dirname, "engine-host.ts");
    // By --require: what --import preloads does not come into threads whose program is given as text.
    const preloads = ["tsx/cjs", join(__dirname, "strained-files.ts")].flatMap((each) => ["--require", each]);
    const child = endsWithThis("killed", () =>
      spawn(process.execPath, [...preloads, program, JSON.stringify({ ...this.options, role })], {
        env: { ...process.env, [STRAIN_FILE_VARIABLE]: this.strainFile },
        // The host ends when this end of its input closes: with the drill, however that ends.
        stdio: ["pipe", "pipe", "pipe"],
      }),
    );
    this.child = child;
    writeFileSync(this.pidFile, String(child.pid));
    this.frozen = false;
    const log = createWriteStream(join(this.options.directory, "engine.log"), { flags: "a" });
    child.stderr.pipe(log);
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the engine of ${this.options.region} did not start in time`)),
        START_TIMEOUT_MS,
      );
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (line === "ready") resolve();
        log.write(`${line}\n`);
      });
      child.once("exit", (code) =>
        reject(
          new Error(
            `the engine of ${this.options.region} ended with ${code}; see ${this.options.directory}/engine.log`,
          ),
        ),
      );
      child.once("exit", () => clearTimeout(timer));
    });
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
    if (!this.running || this.frozen) return;
    this.frozen = true;
    this.child!.kill("SIGSTOP");
  }

  thaw(): void {
    if (!this.frozen) return;
    this.frozen = false;
    this.child!.kill("SIGCONT");
  }

  /** Asks it to make everything durable and to end. */
  async drain(): Promise<void> {
    if (!this.running) return;
    const ended = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child!.kill("SIGTERM");
    const late = setTimeout(() => this.child!.kill("SIGKILL"), DRAIN_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    if (!this.running) return;
    const ended = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child!.kill("SIGKILL");
    await ended;
    this.frozen = false;
  }

  async status(): Promise<EngineStatus> {
    return this.with((door) => door.status());
  }

  async holdings(): Promise<Holdings> {
    return this.with((door) => door.holdings());
  }

  async promote(decision: PromotionDecision): Promise<void> {
    await this.with((door) => door.promote(decision));
  }

  /** Acknowledges what is durable on its own disk, until a standby attaches. */
  async continueAlone(): Promise<void> {
    await this.with((door) => door.continueAlone());
  }

  private get pidFile(): string {
    return join(this.options.directory, "engine.pid");
  }

  /** A frozen engine outlives a drill that was killed; two must not have one journal. */
  private endLeftover(): void {
    if (!existsSync(this.pidFile)) return;
    const pid = Number(readFileSync(this.pidFile, "utf8"));
    if (commandLine(pid).includes(this.options.directory)) process.kill(pid, "SIGKILL");
    rmSync(this.pidFile, { force: true });
  }

  /** A way in for clients that know this engine's own address. */
  open(): Promise<Door> {
    return EngineConnection.open(this.address);
  }

  private async with<T>(use: (door: Door) => Promise<T>): Promise<T> {
    const door = await this.open();
    try {
      return await use(door);
    } finally {
      door.close();
    }
  }
}

/** What a process was started with; empty when there is none, or where the system does not tell. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
