import { mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { accepts, toolOutput } from "@hft/testing";
import { KillableProcess } from "../threads/killable-process";

/** Where `install.sh` puts what no package of the system has. */
export const SERVER_CACHE = process.env.HFT_TEST_SERVERS ?? join(homedir(), ".cache/hft-platform");

/** A real server that a test starts, stops under load and brings back on the same port with the same data. */
export interface TestServer {
  readonly endpoint: string;
  start(): Promise<void>;
  /** As an operator or a crash would: `SIGKILL` gives it no chance to tidy up. */
  stop(signal?: "SIGTERM" | "SIGKILL" | "SIGINT"): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface ServerCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly user?: string;
  /**
   * Says whether the server takes clients: PostgreSQL accepts connections while it is starting up, and refuses them.
   * @default a port that accepts is ready
   */
  readonly ready?: () => Promise<boolean>;
}

/** One server process on 127.0.0.1 with a data folder of its own. */
export class ServerProcess implements TestServer {
  private process: KillableProcess | undefined;

  constructor(
    readonly port: number,
    readonly directory: string,
    private readonly command: ServerCommand,
  ) {}

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { command, args, env, user, ready = () => accepts(this.port) } = this.command;
    this.process = KillableProcess.start({
      name: `${command} on ${this.endpoint}`,
      program: command,
      args,
      cwd: this.directory,
      env: { ...process.env, ...env },
      ...(user ? idsOf(user) : {}),
    });
    await this.process.ready(ready);
  }

  async stop(signal: "SIGTERM" | "SIGKILL" | "SIGINT" = "SIGTERM"): Promise<void> {
    const server = this.process;
    this.process = undefined;
    await server?.end(signal);
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }
}

export const newDirectory = (name: string): string => mkdtempSync(join(tmpdir(), `hft-${name}-`));

export function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(toolOutput("id", [flag, user]));
  return { uid: id("-u"), gid: id("-g") };
}
