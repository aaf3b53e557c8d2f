import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until";

/** Where `install.sh` puts what no package of the system has. */
export const SERVER_CACHE = process.env.HFT_TEST_SERVERS ?? join(homedir(), ".cache/hft-platform");
const START_TIMEOUT_MS = 60_000;

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
  private child: ChildProcess | undefined;
  private output = "";

  constructor(
    readonly port: number,
    readonly directory: string,
    private readonly command: ServerCommand,
  ) {}

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { command, args, env, user } = this.command;
    this.child = spawn(command, [...args], {
      cwd: this.directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
      ...(user ? idsOf(user) : {}),
    });
    const keep = (chunk: Buffer) => {
      this.output = (this.output + chunk.toString()).slice(-4_000);
    };
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
    await this.answering();
  }

  async stop(signal: "SIGTERM" | "SIGKILL" | "SIGINT" = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.directory, { recursive: true, force: true });
  }

  private answering(): Promise<void> {
    const { command, ready = () => accepts(this.port) } = this.command;
    const silent = () => `${command} does not answer on ${this.endpoint}:\n${this.output}`;
    return until(
      async () => {
        if (this.child?.exitCode !== null) throw new Error(silent());
        return ready();
      },
      silent,
      START_TIMEOUT_MS,
    );
  }
}

export const newDirectory = (name: string): string => mkdtempSync(join(tmpdir(), `hft-${name}-`));

export function idsOf(user: string): { uid: number; gid: number } {
  const id = (flag: string) => Number(execFileSync("id", [flag, user]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.end());
  });
}
