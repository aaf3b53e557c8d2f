import { until } from "@hft/testing";
import { KillableProcess } from "../threads/killable-process";

/** A started engine process of a bundle's script, and its API. */
export class EngineUnderTest {
  private url = "";
  private token = "";

  private constructor(private readonly process: KillableProcess) {}

  static async start(script: string, directory: string, env: NodeJS.ProcessEnv): Promise<EngineUnderTest> {
    const running = new EngineUnderTest(
      KillableProcess.start({
        name: "the engine",
        program: process.execPath,
        args: [script],
        cwd: directory,
        env,
        keptCharacters: Number.POSITIVE_INFINITY,
      }),
    );
    await running.until(async () => /"msg":"trading"/.test(running.output));
    running.url = /"url":"([^"]+)"/.exec(running.output)?.[1] ?? "";
    running.token = (await running.request("POST", "/api/development/token")).token;
    return running;
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** Resolves with the exit code when it has ended. */
  get ended(): Promise<number | undefined> {
    return this.process.ended;
  }

  /** Everything that it has said. */
  get output(): string {
    return this.process.output;
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

  async until(condition: () => Promise<boolean>): Promise<void> {
    await until(
      async () => {
        if (!this.process.running) throw new Error(`the engine has ended:\n${this.output}`);
        return condition();
      },
      () => this.output,
    );
  }

  /** Resolves with the exit code. */
  end(signal: NodeJS.Signals): Promise<number | undefined> {
    return this.process.end(signal);
  }
}
