import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort, KillableProcess } from "@hft/engine";
import { CONFIGURATION_FILE_VARIABLE, type EngineConfigurationInput } from "@hft/engine/configuration";
import { programOutput } from "@hft/toolkit";
import type { Environment } from "../../environments";
import { type Target, tradedBy } from "./target";

const REPOSITORY = resolve(__dirname, "../..");
/** With a database of its own to begin, on a busy machine. */
const START_MS = 120_000;
const TOKEN_SECONDS = 3_600;
const ACCOUNT = 1;

/** The engine of this checkout with an environment's symbols and limits, on this machine and with nothing else. */
export class LocalEngine {
  private constructor(
    private readonly folder: string,
    private readonly process: KillableProcess,
    private readonly url: string,
    private readonly key: string,
  ) {}

  static async start(environment: Environment): Promise<LocalEngine> {
    await programOutput("npm", ["run", "--silent", "build", "-w", "engine"], { cwd: REPOSITORY });
    const folder = mkdtempSync(join(tmpdir(), "smoke-"));
    const port = await freePort();
    const key = randomBytes(48).toString("base64url");
    const secretFile = join(folder, "token-key");
    writeFileSync(secretFile, key, { mode: 0o600 });
    const file = join(folder, "engine.json");
    writeFileSync(file, JSON.stringify(configurationOf(environment, port, secretFile)));
    const child = KillableProcess.start({
      name: "the local engine",
      program: process.execPath,
      args: [join(REPOSITORY, "engine/dist/launch.js")],
      cwd: folder,
      env: { ...process.env, [CONFIGURATION_FILE_VARIABLE]: file },
    });
    const engine = new LocalEngine(folder, child, `http://127.0.0.1:${port}`, key);
    try {
      await child.ready(() => answers(`${engine.url}/ready`), START_MS);
    } catch (error) {
      await engine.stop();
      throw error;
    }
    return engine;
  }

  target(environment: Environment): Target {
    return { environment, url: this.url, token: canaryToken(this.key), ...tradedBy(environment) };
  }

  async stop(): Promise<void> {
    await this.process.end("SIGTERM");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * Everything that is not said is the engine's default: journal, snapshots and its own database below the folder it runs
 * in.
 */
function configurationOf({ name, engine }: Environment, port: number, secretFile: string): EngineConfigurationInput {
  return {
    environment: name,
    symbols: [...engine.symbols],
    limits: { ...engine.limits },
    marketData: engine.marketData,
    http: { host: "127.0.0.1", port, jwt: { secretFile } },
    logging: { level: "error" },
  };
}

/** HS256 of RFC 7519, by hand: the engine's own signing code is no witness for what it verifies. */
function canaryToken(key: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const nowSeconds = Math.floor(Date.now() / 1000);
  const claims = {
    ...{ iss: "hft-engine", aud: "hft-engine", sub: "canary", account: ACCOUNT, scope: "read trade" },
    ...{ iat: nowSeconds, exp: nowSeconds + TOKEN_SECONDS },
  };
  const signed = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
