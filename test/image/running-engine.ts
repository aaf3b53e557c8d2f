import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ProgramResult } from "@hft/toolkit";
import type { ContainerTools } from "./container-tools";
import type { RunDescription, TokenSource } from "./run-arguments";

/** A busy machine with two cores and a database thread to start. */
const START_MS = 180_000;
const ASK_EVERY_MS = 500;

export interface Order {
  readonly orderId: number;
  readonly status: string;
  readonly price: string;
}

export interface StoppedEngine {
  readonly exitCode: number;
  readonly seconds: number;
  readonly log: string;
}

/** What the process inside sees of itself. */
export interface Confinement {
  readonly user: number;
  readonly capabilities: string;
  readonly noNewPrivileges: boolean;
  readonly seccomp: boolean;
  /** Paths, each with the error of writing there; undefined where it may. */
  readonly writing: Readonly<Record<string, string | undefined>>;
}

/** The engine in a container without a network. Its client runs inside of it, as the same user. */
export class RunningEngine {
  private constructor(
    private readonly tools: ContainerTools,
    private readonly name: string,
    private readonly description: RunDescription,
  ) {}

  static async start(tools: ContainerTools, name: string, image: string, description: RunDescription) {
    tools.tryPodman("rm", "--force", "--time=0", name);
    tools.podman("run", "--detach", `--name=${name}`, "--network=none", ...description.arguments, image);
    const engine = new RunningEngine(tools, name, description);
    const deadline = Date.now() + START_MS;
    // Alive it is at once; until the journal is recovered it answers nothing else.
    while ((await engine.tryRequest("GET", "/metrics")).status !== 0) {
      if (Date.now() > deadline || !engine.isRunning)
        throw new Error(`${description.title}: did not start\n${engine.log}`);
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    }
    return engine;
  }

  enterOrder(order: object): Order {
    return this.request("POST", "/api/orders", order);
  }

  bestBid(symbol: string): number {
    return Number(this.request<{ bids: [string, string][] }>("GET", `/api/books/${symbol}?depth=1`).bids[0]![0]);
  }

  findOrder(orderId: number): Order {
    return this.request("GET", `/api/orders/${orderId}`);
  }

  confinement(): Confinement {
    const { readOnly, writable } = this.description.promised;
    const paths = JSON.stringify([...readOnly, ...writable]);
    return JSON.parse(this.node(readFileSync(join(__dirname, "confinement.cjs"), "utf8"), { PATHS: paths }).stdout);
  }

  /** What an orchestrator does: SIGTERM, the time that was promised, and only then SIGKILL. */
  stop(): StoppedEngine {
    const startedMs = performance.now();
    this.tools.podman("stop", `--time=${this.description.graceSeconds}`, this.name);
    const seconds = (performance.now() - startedMs) / 1000;
    const exitCode = Number(this.tools.podman("inspect", "--format={{.State.ExitCode}}", this.name));
    return { exitCode, seconds, log: this.log };
  }

  remove(): void {
    this.tools.tryPodman("rm", "--force", "--time=0", this.name);
  }

  private get isRunning(): boolean {
    return this.tools.podman("inspect", "--format={{.State.Running}}", this.name) === "true";
  }

  private get log(): string {
    const { stdout, stderr } = this.tools.tryPodman("logs", this.name);
    return `${stdout}${stderr}`;
  }

  private request<T>(method: string, path: string, body?: object): T {
    const { status, stdout, output } = this.tryRequest(method, path, body);
    if (status !== 0) throw new Error(`${method} ${path}: ${output}\n${this.log}`);
    return JSON.parse(stdout) as T;
  }

  private tryRequest(method: string, path: string, body?: object): ProgramResult {
    return this.node(readFileSync(join(__dirname, "client.cjs"), "utf8"), {
      METHOD: method,
      REQUEST_PATH: path,
      BODY: body ? JSON.stringify(body) : "",
      TOKEN: tokenFrom(this.description.token),
    });
  }

  private node(script: string, environment: Readonly<Record<string, string>>): ProgramResult {
    const variables = Object.entries(environment).map(([name, value]) => `--env=${name}=${value}`);
    return this.tools.tryPodman("exec", ...variables, this.name, "node", "-e", script);
  }
}

const TOKEN_SECONDS = 600;

/**
 * HS256 of RFC 7519, by hand: the engine's own signing code is no witness for what it verifies. Empty: ask the engine.
 */
function tokenFrom(source: TokenSource): string {
  if (source === "development") return "";
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: "hft-engine", aud: "hft-engine", sub: "image-test", account: 1, scope: "read trade" },
    ...{ iat: nowSeconds, exp: nowSeconds + TOKEN_SECONDS },
  };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", readFileSync(source.keyFile, "utf8").trim()).update(signed).digest("base64url")}`;
}
