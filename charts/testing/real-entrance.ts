import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accepts, findTool, until } from "@hft/testing";
import { entranceConfiguration } from "../frontend/entrance";

export interface TestEntrance {
  /** Of this machine: pods differ by it. */
  readonly host: string;
  readonly port: number;
  readonly pagesPort: number;
  readonly identityFolder: string;
}

/** A real nginx as the entrance of one pod of the frontend, on one address of this machine. */
export class RealEntrance {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** @param change applied to the rendered text */
  static async start(
    { host, pagesPort, ...entrance }: TestEntrance,
    change: (rendered: string) => string = (rendered) => rendered,
  ): Promise<RealEntrance> {
    const folder = mkdtempSync(join(tmpdir(), "entrance-"));
    const scratchFolder = join(folder, "scratch");
    mkdirSync(scratchFolder);
    // The worker runs as another user.
    for (const path of [folder, scratchFolder]) chmodSync(path, 0o777);
    const rendered = change(entranceConfiguration({ ...entrance, pagesPort, scratchFolder }));
    const file = join(folder, "entrance.conf");
    writeFileSync(file, rendered.replace(`listen ${entrance.port} ssl`, `listen ${host}:${entrance.port} ssl`));
    const log = openSync(join(folder, "output"), "w");
    const nginx = spawn(findTool("nginx")!, ["-c", file, "-g", "daemon off;"], { stdio: ["ignore", log, log] });
    const started = new RealEntrance(folder, nginx);
    await until(
      () => accepts(entrance.port, host),
      () => `the entrance listens on ${host}:${entrance.port}:\n${started.output()}`,
    );
    return started;
  }

  output(): string {
    return readFileSync(join(this.folder, "output"), "utf8");
  }

  /** As its image is told to stop (nginx's Dockerfile, STOPSIGNAL). */
  async quit(): Promise<void> {
    const ended = once(this.process, "exit");
    this.process.kill("SIGQUIT");
    await ended;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.kill("SIGTERM")) await once(this.process, "exit");
    rmSync(this.folder, { recursive: true });
  }
}
