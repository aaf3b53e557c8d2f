import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "./until";

/** A started engine process of a bundle's script, and its API. */
export class EngineUnderTest {
  output = "";
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>;
  private token = "";

  private constructor(
    private readonly child: ChildProcess,
    private url = "",
  ) {
    this.ended = once(child, "exit").then(([code]) => code);
  }

  static async start(script: string, directory: string, env: NodeJS.ProcessEnv): Promise<EngineUnderTest> {
    const running = new EngineUnderTest(spawn(process.execPath, [script], { cwd: directory, env }));
    running.child.stdout?.on("data", (chunk) => {
      running.output += chunk;
    });
    running.child.stderr?.on("data", (chunk) => {
      running.output += chunk;
    });
    await running.until(async () => /"msg":"trading"/.test(running.output));
    running.url = /"url":"([^"]+)"/.exec(running.output)?.[1] ?? "";
    running.token = (await running.request("POST", "/api/development/token")).token;
    return running;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  async request(method: string, path: string, body?: object): Promise<any> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return response.json();
  }

  health(): ReturnType<EngineUnderTest["request"]> {
    return this.request("GET", "/health");
  }

  until(condition: () => Promise<boolean>): Promise<void> {
    return until(
      async () => {
        if (this.child.exitCode !== null) throw new Error(`the engine has ended:\n${this.output}`);
        return condition();
      },
      () => this.output,
    );
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}
