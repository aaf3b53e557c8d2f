import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { EngineConfigurationInput } from "@hft/engine/configuration";

/** The engine's own entrance, as its image starts it. */
const PROGRAM = join(__dirname, "../../../../engine/service/commands/main.ts");
const START_TIMEOUT_MS = 60_000;
const DRAIN_TIMEOUT_MS = 20_000;

export interface Health {
  readonly status: string;
  readonly role: string;
  readonly epoch: number;
}

/**
 * The engine as it is deployed: the whole service with its API, its guard and its projections, in a process of its own.
 */
export class ServiceProcess {
  private child: ChildProcess | undefined;

  constructor(
    private readonly directory: string,
    private readonly configuration: EngineConfigurationInput,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async start(): Promise<void> {
    if (this.running) return;
    mkdirSync(this.directory, { recursive: true });
    this.endLeftover();
    const file = join(this.directory, "engine.json");
    writeFileSync(file, JSON.stringify(this.configuration, null, 2));
    this.child = spawn(process.execPath, ["--import", "tsx", PROGRAM], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ENGINE_CONFIG: file },
    });
    writeFileSync(this.pidFile, String(this.child.pid));
    const log = createWriteStream(join(this.directory, "service.log"), { flags: "a" });
    this.child.stdout!.pipe(log, { end: false });
    this.child.stderr!.pipe(log, { end: false });
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.health())) {
      if (!this.running || Date.now() > deadline) {
        throw new Error(`the engine's service does not start; see ${this.directory}/service.log`);
      }
      await pause(100);
    }
  }

  /** As Kubernetes ends a pod: it drains, and is killed when that takes too long. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const ended = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child!.kill("SIGTERM");
    const late = setTimeout(() => this.child!.kill("SIGKILL"), DRAIN_TIMEOUT_MS);
    await ended;
    clearTimeout(late);
  }

  /** Undefined while nobody answers, and while the engine recovers: it refuses everything then. */
  async health(): Promise<Health | undefined> {
    const answer = await fetch(`${this.url}/health`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
    const health = (await answer?.json()) as Health | undefined;
    return health?.role === undefined ? undefined : health;
  }

  /** A figure of its metrics, by name and labels. */
  async metric(name: string): Promise<number | undefined> {
    const answer = await fetch(`${this.url}/metrics`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    const line = (await answer?.text())?.split("\n").find((each) => each.startsWith(`${name} `));
    return line === undefined ? undefined : Number(line.slice(name.length + 1));
  }

  private get pidFile(): string {
    return join(this.directory, "service.pid");
  }

  /** A service outlives a drill that was killed; two must not have one journal. */
  private endLeftover(): void {
    if (!existsSync(this.pidFile)) return;
    const pid = Number(readFileSync(this.pidFile, "utf8"));
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      if (environment.includes(`ENGINE_CONFIG=${this.directory}`)) process.kill(pid, "SIGKILL");
    } catch {
      // It is gone.
    }
    rmSync(this.pidFile, { force: true });
  }
}
