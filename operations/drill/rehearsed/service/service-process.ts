import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KillableProcess } from "@hft/engine";
import type { EngineConfigurationInput } from "@hft/engine/configuration";

/** The engine's own entrance, as its image starts it. */
const PROGRAM = join(__dirname, "../../../../engine/service/commands/main.ts");
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
  private process: KillableProcess | undefined;

  constructor(
    private readonly directory: string,
    private readonly configuration: EngineConfigurationInput,
    readonly port: number,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get running(): boolean {
    return this.process?.running ?? false;
  }

  async start(): Promise<void> {
    if (this.running) return;
    mkdirSync(this.directory, { recursive: true });
    const file = join(this.directory, "engine.json");
    writeFileSync(file, JSON.stringify(this.configuration, null, 2));
    this.process = KillableProcess.start({
      name: "the engine's service",
      program: process.execPath,
      args: ["--import", "tsx", PROGRAM],
      env: { ...process.env, ENGINE_CONFIG: file },
      logFile: join(this.directory, "service.log"),
      leftover: { pidFile: join(this.directory, "service.pid"), mark: `ENGINE_CONFIG=${file}` },
    });
    await this.process.ready(async () => (await this.health()) !== undefined);
  }

  /** As Kubernetes ends a pod: it drains, and is killed when that takes too long. */
  async stop(): Promise<void> {
    await this.process?.end("SIGTERM", DRAIN_TIMEOUT_MS);
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
}
