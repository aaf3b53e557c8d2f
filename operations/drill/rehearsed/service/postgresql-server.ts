import { createHash, randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { freePort, KillableProcess, killLeftover } from "@hft/engine";
import { programOutput, programOutputSync } from "@hft/toolkit";

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
  private process: KillableProcess | undefined;

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
    return this.process?.running ?? false;
  }

  /** A host takes over the storage: recovers it as after a crash, and answers. */
  async start(): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.answers())) {
      if (Date.now() > deadline) {
        throw new Error(`the database on ${this.endpoint} does not start:\n${this.process?.output}`);
      }
      // Workers of a host that was killed hold the storage for a moment, and the new host ends itself meanwhile.
      if (!this.running) this.launch();
      await pause(100);
    }
    await this.query("CREATE DATABASE hft").catch(() => {});
  }

  /** Ends the host as a power cut does. */
  async kill(): Promise<void> {
    await this.process?.kill();
  }

  /** Rows of a statement, each a list of texts. @throws when nobody answers */
  async query(statement: string, database = "postgres"): Promise<string[][]> {
    const connection = ["-h", "127.0.0.1", "-p", String(this.port), "-U", USER, "-d", database];
    const rows = await programOutput(
      join(PROGRAMS, "psql"),
      [...connection, "--no-align", "--tuples-only", "--field-separator=\t", "--command", statement],
      { env: { ...process.env, PGPASSWORD: readFileSync(this.passwordFile, "utf8") } },
    );
    return rows
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
    programOutputSync(join(PROGRAMS, "initdb"), ["-D", this.storage, ...options], identity());
  }

  private launch(): void {
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${this.directory}`, "shared_buffers=32MB"];
    this.process = KillableProcess.start({
      name: "the database",
      program: join(PROGRAMS, "postgres"),
      args: ["-D", this.storage, "-p", String(this.port), ...settings.flatMap((setting) => ["-c", setting])],
      ...identity(),
    });
  }

  /** A host outlives a drill that was killed; two must not have one storage. */
  private endLeftover(): void {
    const lock = join(this.storage, "postmaster.pid");
    if (!existsSync(lock)) return;
    // One that is gone leaves a lock of which PostgreSQL itself sees that it is old.
    killLeftover(Number(readFileSync(lock, "utf8").split("\n")[0]), this.storage);
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
  const id = (flag: string) => Number(programOutputSync("id", [flag, "postgres"]));
  return { uid: id("-u"), gid: id("-g") };
}
