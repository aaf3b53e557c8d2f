import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idsOf } from "@hft/engine/testing/server-process";
import { findTool, requires, runTool, until } from "@hft/testing";
import { freePorts } from "../testing/real-nginx";

const SCRIPTS = join(__dirname, "scripts");
const MIGRATIONS = join(__dirname, "../../engine/migrations");

/** `aws s3` on folders: what the scripts use of it, and nothing else. */
const AWS = `#!/bin/sh
set -eu
bucket() { echo "$S3_FOLDER/\${1#s3://}"; }
[ "$1" = s3 ] || exit 64
verb=$2; shift 2
case "$verb" in
  cp)
    [ "$1" = --only-show-errors ] && shift
    from=$1; to=$2
    case "$from" in s3://*) from=$(bucket "$from");; *) to=$(bucket "$to"); mkdir -p "$(dirname "$to")";; esac
    cp "$from" "$to";;
  sync)
    [ "$1" = --only-show-errors ] && shift
    to=$(bucket "$2"); mkdir -p "$to"; cp -R "$1/." "$to/";;
  ls)
    if [ "$1" = --recursive ]; then
      path=\${2#s3://}; root=$S3_FOLDER/\${path%%/*}
      (cd "$root" && find "\${path#*/}" -type f | sort | while read -r file; do echo "2026-11-21 06:00:00 1 $file"; done)
    else
      ls -d "$(bucket "$1")"* 2>/dev/null
    fi;;
  *) exit 64;;
esac
`;

requires(
  "initdb",
  "postgres",
  "psql",
  "pg_dump",
)("backup and restore with a real PostgreSQL", () => {
  let folder: string;
  let server: ChildProcess;
  let port: number;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "backup-"));
    chmodSync(folder, 0o777);
    [port] = (await freePorts(1)) as [number];
    const data = join(folder, "data");
    // A server refuses to run as root.
    const user = process.getuid?.() === 0 ? idsOf("postgres") : {};
    const made = runTool("initdb", ["-D", data, "-U", "hft", "--no-sync", "-E", "UTF8"], {
      ...user,
      cwd: folder,
    });
    expect(made.status).toBe(0);
    const options = ["-p", `${port}`, "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-k", folder];
    server = spawn(findTool("postgres")!, ["-D", data, ...options], { ...user, cwd: folder, stdio: "ignore" });
    await until(() => sql("SELECT 1", "postgres").status === 0, "the start of PostgreSQL");
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/aws"), AWS, { mode: 0o755 });
    mkdirSync(join(folder, "login"));
    writeFileSync(join(folder, "login/username"), "hft");
    writeFileSync(join(folder, "login/password"), "not asked for here");
  });

  afterAll(async () => {
    server.kill("SIGINT");
    await new Promise((done) => server.once("exit", done));
    rmSync(folder, { recursive: true });
  });

  const sql = (text: string, database = "orders") =>
    runTool(
      "psql",
      ["-h", "127.0.0.1", "-p", `${port}`, "-U", "hft", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1"],
      {
        input: text,
      },
    );

  /** Runs one of the manifests' own scripts. */
  const script = (name: string, work: string, more: Readonly<Record<string, string>> = {}) => {
    mkdirSync(join(folder, work), { recursive: true });
    const { status, stdout, stderr } = runTool("sh", [join(SCRIPTS, name)], {
      env: {
        PATH: `${join(folder, "bin")}:${process.env.PATH}`,
        DATABASE_ENDPOINT: `127.0.0.1:${port}`,
        DATABASE_NAME: "orders",
        BACKUP_BUCKET: "backups",
        S3_FOLDER: join(folder, "s3"),
        LOGIN: join(folder, "login"),
        WORK: join(folder, work),
        ...more,
      },
    });
    return { status, output: `${stdout}${stderr}` };
  };

  const contents = () => sql(readFileSync(join(SCRIPTS, "contents.sql"), "utf8")).stdout;

  const fill = () => {
    sql("DROP DATABASE IF EXISTS orders", "postgres");
    sql("CREATE DATABASE orders", "postgres");
    for (const file of readdirSync(MIGRATIONS)
      .filter((name) => name.endsWith(".sql"))
      .sort()) {
      expect(sql(readFileSync(join(MIGRATIONS, file), "utf8")).stderr).toBe("");
    }
    // Beside the engine's own tables one with every kind of value that a dump could spoil.
    const { stderr } = sql(`
      CREATE TABLE trades (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, price numeric, note text, at timestamptz, raw bytea, more jsonb);
      INSERT INTO trades (price, note, at, raw, more)
        SELECT n / 3.0, CASE WHEN n % 5 = 0 THEN NULL ELSE 'line' || chr(10) || 'ä''\\' || n END, now(), sha256(n::text::bytea), '{"a": [1, null]}'
        FROM generate_series(1, 5000) n;
      INSERT INTO audit (at, subject, action, outcome, request_id, detail)
        SELECT now(), 'somebody', 'order', 'accepted', 'r' || n, '{}' FROM generate_series(1, 500) n;
    `);
    expect(stderr).toBe("");
  };

  const backUp = (work: string) => {
    for (const step of ["dump.sh", "upload-database.sh", "record.sh"]) {
      expect(script(step, work, { KIND: "database" })).toMatchObject({ status: 0 });
    }
    return readFileSync(join(folder, work, "location"), "utf8")
      .trim()
      .split("/")
      .at(-1)!;
  };

  beforeEach(() => {
    rmSync(join(folder, "s3"), { recursive: true, force: true });
    fill();
  });

  it("dumps, wipes, restores, and finds every row and checksum as it was", () => {
    const before = contents();
    backUp("first");
    sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
    expect(contents()).toBe("");
    expect(script("download.sh", "second").status).toBe(0);
    expect(script("restore.sh", "second")).toEqual({ status: 0, output: expect.stringContaining("as they were") });
    expect(contents()).toBe(before);
    expect(before).toContain("public.trades|5000|");
  });

  it("undoes what happened since", () => {
    const before = contents();
    backUp("undo");
    sql(
      "DELETE FROM orders WHERE order_id % 2 = 0; UPDATE executions SET price_ticks = 1; CREATE TABLE stray (x int);",
    );
    sql("DROP TABLE stray;");
    script("download.sh", "undone");
    expect(script("restore.sh", "undone").status).toBe(0);
    expect(contents()).toBe(before);
  });

  it("notes the backup where the engine finds its age, and keeps the first of the day for longer", () => {
    const stamp = backUp("note");
    expect(sql("SELECT kind, bytes > 10000, location FROM backups").stdout.trim()).toBe(
      `database|t|s3://backups/database/${stamp}`,
    );
    expect(readdirSync(join(folder, "s3/backups/database-daily"))).toEqual([stamp]);
    // A second one on the same day is kept once.
    rmSync(join(folder, "s3/backups/database"), { recursive: true });
    script("upload-database.sh", "note");
    expect(readdirSync(join(folder, "s3/backups/database-daily"))).toEqual([stamp]);
  });

  it("refuses a corrupted archive before the database is touched", () => {
    const stamp = backUp("corrupt");
    const archive = join(folder, "s3/backups/database", stamp, "database.dump");
    const bytes = readFileSync(archive);
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    writeFileSync(archive, bytes);
    sql("DELETE FROM trades WHERE id > 10;");
    const before = contents();
    expect(script("download.sh", "bad")).toEqual({ status: 1, output: expect.stringContaining("is corrupted") });
    // Even when somebody goes on by hand.
    expect(script("restore.sh", "bad")).toEqual({ status: 1, output: expect.stringContaining("has not been touched") });
    expect(contents()).toBe(before);
  });

  it("takes the newest whole backup, and an older one when it is asked for", () => {
    backUp("older");
    const older = join(folder, "s3/backups/database/20200101T000000Z");
    const [stamp] = readdirSync(join(folder, "s3/backups/database")) as [string];
    cpSync(join(folder, "s3/backups/database", stamp), older, { recursive: true });
    mkdirSync(join(folder, "s3/backups/database/20990101T000000Z"));
    expect(script("download.sh", "newest").output).toContain(stamp);
    expect(script("download.sh", "chosen", { ARCHIVE: "20200101T000000Z" }).output).toContain("20200101T000000Z");
  });

  it("uploads nothing when the dump fails", () => {
    const result = script("dump.sh", "gone", { DATABASE_NAME: "no_such_database" });
    expect(result.status).not.toBe(0);
    expect(readdirSync(join(folder, "gone"))).toEqual([]);
  });

  it("finds no backup where there is none", () => {
    mkdirSync(join(folder, "s3/backups/database"), { recursive: true });
    expect(script("download.sh", "none")).toEqual({ status: 1, output: expect.stringContaining("no whole backup") });
  });

  it("copies journal and snapshots of an engine", () => {
    mkdirSync(join(folder, "engine/journal"), { recursive: true });
    mkdirSync(join(folder, "engine/snapshots"));
    writeFileSync(join(folder, "engine/journal/0001.journal"), Buffer.alloc(5000, 1));
    writeFileSync(join(folder, "engine/snapshots/7.snapshot"), "state");
    const more = { DATA: join(folder, "engine"), ENGINE: "eu-west-1/engine-1", KIND: "journal" };
    expect(script("upload-journal.sh", "journal", more).status).toBe(0);
    expect(script("record.sh", "journal", more).status).toBe(0);
    expect(readFileSync(join(folder, "s3/backups/journal/eu-west-1/engine-1/snapshots/7.snapshot"), "utf8")).toBe(
      "state",
    );
    expect(sql("SELECT kind FROM backups").stdout.trim()).toBe("journal");
  });
});
