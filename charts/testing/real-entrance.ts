import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findTool } from "@hft/testing";
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
    for (let attempt = 0; attempt < 100; attempt++) {
      if (await accepts(host, entrance.port)) return started;
      await sleep(20);
    }
    throw new Error(`the entrance does not listen on ${host}:${entrance.port}:\n${started.output()}`);
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

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
