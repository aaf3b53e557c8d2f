import { mkdirSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import type { EngineConfigurationInput } from "../configuration";
import { KillableProcess } from "../threads/killable-process";

const ANSWER_MS = 10_000;

export interface ServiceAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  readonly body: any;
}

export interface HttpQuestion {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The whole service as it is deployed, in a process of its own, seen from clients that keep their connections. */
export class ServiceProcess {
  private readonly agent = new Agent({ keepAlive: true });

  private constructor(
    private readonly process: KillableProcess,
    readonly url: string,
  ) {}

  /** Resolves when it takes requests. `program` is the folder of a build. */
  static async start(
    program: string,
    directory: string,
    configuration: EngineConfigurationInput,
  ): Promise<ServiceProcess> {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, "engine.json");
    writeFileSync(file, JSON.stringify(configuration));
    const service = KillableProcess.start({
      name: "the service",
      program: process.execPath,
      args: [join(program, "main.js")],
      cwd: directory,
      env: { ...process.env, ENGINE_CONFIG: file },
      // Beside its files, for whoever finds that a round failed.
      logFile: join(directory, "service.log"),
    });
    return new ServiceProcess(service, await service.firstLine(urlIn));
  }

  /** Rejects when the connection breaks before the answer is there. */
  ask({ method, path, token, body, headers }: HttpQuestion): Promise<ServiceAnswer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.url}${path}`,
        {
          method,
          agent: this.agent,
          timeout: ANSWER_MS,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
            ...headers,
          },
        },
        (response) => {
          let received = "";
          response.setEncoding("utf8");
          response.on("data", (chunk) => {
            received += chunk;
          });
          response.once("error", reject);
          response.once("end", () => {
            try {
              resolve({ status: response.statusCode as number, body: JSON.parse(received) });
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      asked.once("timeout", () => asked.destroy(new Error(`no answer to ${method} ${path} within ${ANSWER_MS} ms`)));
      asked.once("error", reject);
      asked.end(text);
    });
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.process.kill();
    this.agent.destroy();
  }
}

/** The service logs where it listens. */
function urlIn(line: string): string | undefined {
  return line.includes('"msg":"trading"') ? (JSON.parse(line) as { url: string }).url : undefined;
}
