import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { EngineConfigurationInput } from "../configuration";

const START_MS = 60_000;
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
  private readonly ended: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    this.ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : Promise.resolve();
  }

  /** Resolves when it takes requests. `program` is the folder of a build. */
  static async start(
    program: string,
    directory: string,
    configuration: EngineConfigurationInput,
  ): Promise<ServiceProcess> {
    mkdirSync(directory, { recursive: true });
    const file = join(directory, "engine.json");
    writeFileSync(file, JSON.stringify(configuration));
    const child = spawn(process.execPath, [join(program, "main.js")], {
      cwd: directory,
      env: { ...process.env, ENGINE_CONFIG: file },
      stdio: ["ignore", "pipe", "pipe"],
    });
    // What it says stays beside its files, for whoever finds that a round failed.
    child.stdout.pipe(createWriteStream(join(directory, "service.log"), { flags: "a" }));
    // Whoever fails in between leaves none behind.
    const end = () => child.kill("SIGKILL");
    process.once("exit", end);
    child.once("exit", () => process.off("exit", end));
    return new ServiceProcess(child, await urlOf(child));
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
    this.child.kill("SIGKILL");
    await this.ended;
    this.agent.destroy();
  }
}

/** The service logs where it listens. */
function urlOf(child: ChildProcess): Promise<string> {
  let complaint = "";
  const keep = (chunk: string): void => {
    complaint = (complaint + chunk).slice(-4_000);
  };
  child.stderr?.on("data", keep);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the service did not start within ${START_MS} ms`)), START_MS);
    child.once("exit", (code) => reject(new Error(`the service ended with code ${code}:\n${complaint.trim()}`)));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      if (!line.includes('"msg":"audit"')) keep(`${line}\n`);
      if (!line.includes('"msg":"trading"')) return;
      clearTimeout(timer);
      resolve((JSON.parse(line) as { url: string }).url);
    });
  });
}
