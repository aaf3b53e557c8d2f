import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "@hft/engine";

/** As Debian and Ubuntu install it, one folder a version; `engine/testing/install.sh` brings one. */
const INSTALLED = "/usr/lib/postgresql";
const PROGRAMS = join(INSTALLED, newestVersion() ?? "none", "bin");
const START_TIMEOUT_MS = 30_000;
const USER = "hft";

export const postgresqlInstalled = (): boolean => existsSync(join(PROGRAMS, "postgres"));

/**
 * A region's database: a real PostgreSQL server. Its folder is the storage that the hosts of a Multi-AZ instance share,
 * so the standby host is a new server over the same folder, at the same address.
 */
export class PostgresqlServer {
  private child: ChildProcess | undefined;

  private constructor(
    private readonly directory: string,
    readonly port: number,
  ) {}

  /** Over the storage in a folder; makes it when there is none yet. */
  static async open(directory: string): Promise<PostgresqlServer> {
    const server = new PostgresqlServer(within(directory), await freePort());
    if (!existsSync(server.storage)) server.initialise();
    server.endLeftover();
    return server;
  }

  get endpoint(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** File with the password of the user `hft`. */
  get passwordFile(): string {
    return join(this.directory, "password");
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** A host takes over the storage: recovers it as after a crash, and answers. */
  async start(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.answers())) {
      if (Date.now() > deadline) throw new Error(`the database on ${this.endpoint} does not start`);
      // Workers of a host that was killed hold the storage for a moment, and the new host ends itself meanwhile.
      if (!this.running) this.launch();
      await pause(100);
    }
    await this.query("CREATE DATABASE hft").catch(() => {});
  }

  /** Ends the host as a power cut does. */
  async kill(): Promise<void> {
    if (!this.running) return;
    const ended = new Promise((resolve) => this.child!.once("exit", resolve));
    this.child!.kill("SIGKILL");
    await ended;
  }

  /** Rows of a statement, each a list of texts. @throws when nobody answers */
  async query(statement: string, database = "postgres"): Promise<string[][]> {
    const connection = ["-h", "127.0.0.1", "-p", String(this.port), "-U", USER, "-d", database];
    const { stdout } = await promisify(execFile)(
      join(PROGRAMS, "psql"),
      [...connection, "--no-align", "--tuples-only", "--field-separator=\t", "--command", statement],
      { env: { ...process.env, PGPASSWORD: readFileSync(this.passwordFile, "utf8") }, maxBuffer: 256 * 2 ** 20 },
    );
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((line) => line.split("\t"));
  }

  /** Removes the storage. */
  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  private get storage(): string {
    return join(this.directory, "storage");
  }

  private initialise(): void {
    mkdirSync(this.directory, { recursive: true });
    writeFileSync(this.passwordFile, randomBytes(16).toString("hex"), { mode: 0o600 });
    const { uid, gid } = identity();
    if (uid !== undefined && gid !== undefined) {
      for (const path of [this.directory, this.passwordFile]) chownSync(path, uid, gid);
    }
    const options = ["-U", USER, "--auth=scram-sha-256", `--pwfile=${this.passwordFile}`, "-E", "UTF8"];
    execFileSync(join(PROGRAMS, "initdb"), ["-D", this.storage, ...options], { stdio: "ignore", ...identity() });
  }

  private launch(): void {
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${this.directory}`, "shared_buffers=32MB"];
    this.child = spawn(
      join(PROGRAMS, "postgres"),
      ["-D", this.storage, "-p", String(this.port), ...settings.flatMap((setting) => ["-c", setting])],
      { stdio: "ignore", ...identity() },
    );
  }

  /** A host outlives a drill that was killed; two must not have one storage. */
  private endLeftover(): void {
    const lock = join(this.storage, "postmaster.pid");
    if (!existsSync(lock)) return;
    const pid = Number(readFileSync(lock, "utf8").split("\n")[0]);
    try {
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.storage)) process.kill(pid, "SIGKILL");
    } catch {
      // It is gone; PostgreSQL itself sees that the lock is old.
    }
  }

  private async answers(): Promise<boolean> {
    return this.running && (await this.query("SELECT 1").catch(() => [])).length === 1;
  }
}

function newestVersion(): string | undefined {
  const versions = existsSync(INSTALLED) ? readdirSync(INSTALLED) : [];
  return versions.sort((a, b) => Number(b) - Number(a))[0];
}

/**
 * Whoever PostgreSQL runs as must get there; root's own folders are closed to it. The same folder gives the same place.
 */
function within(directory: string): string {
  if (process.getuid?.() !== 0) return directory;
  const name = createHash("sha256").update(resolve(directory)).digest("hex").slice(0, 16);
  return join(tmpdir(), `hft-drill-database-${name}`);
}

/** PostgreSQL refuses to run as root. */
function identity(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "postgres"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}
