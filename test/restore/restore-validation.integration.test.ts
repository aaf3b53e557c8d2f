import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describeWithServers, newPostgresql, type ServerWithLogin } from "@hft/engine/testing/servers";
import { runToolBeside, toolOutput } from "@hft/testing";
import { anEnvironment } from "../../environments/testing";
import { resourcesOf, synthesize } from "../../stacks";

jest.setTimeout(120_000);

const MIGRATIONS = "engine/migrations";
const schema = readdirSync(MIGRATIONS)
  .filter((file) => file.endsWith(".sql"))
  .sort()
  .map((file) => readFileSync(join(MIGRATIONS, file), "utf8"))
  .join("\n");
const VALIDATOR = resolve("constructs/recovery/validation/index.mjs");
const JOB = "6ad7d5c8-2b9c-4f0e-9f3c-0d5e1f7a1b22";
const RESTORED = "awsbackup-restore-test-3f1c";

/** What the function is told by its environment, out of the synthesized stack. */
function variables(): Record<string, string> {
  const folder = mkdtempSync(join(tmpdir(), "restore-"));
  try {
    const [production] = synthesize({ production: anEnvironment("production") }, join(folder, "cdktf.out"));
    const functions = production!.stacks.flatMap(resourcesOf).filter(({ type }) => type === "aws_lambda_function");
    const validator = functions.find(({ body }) => /validate-restore$/.test(String(body.function_name)))!;
    return (validator.body.environment as { variables: Record<string, string> }).variables;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * The function as Lambda runs it: in a process of its own, with AWS's SDK. The SDK's calls come to this machine; the
 * database is a real PostgreSQL with TLS and SCRAM, whose password RDS's own call changes.
 */
describeWithServers("the validation of a restored database", () => {
  let postgresql: ServerWithLogin;
  let aws: Server;
  let told: { path?: string; ValidationStatus?: string; ValidationStatusMessage?: string };
  let settings: Record<string, string>;
  const password = () => readFileSync(postgresql.passwordFile, "utf8");
  let current: string;

  const psql = (sql: string) =>
    toolOutput(
      "psql",
      ["-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", String(postgresql.port), "-U", "hft", "postgres"],
      {
        input: sql,
        env: { ...process.env, PGPASSWORD: current },
      },
    );

  beforeAll(async () => {
    settings = variables();
    aws = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
    await once(aws, "listening");
  });
  afterAll(() => {
    aws.close();
  });
  beforeEach(async () => {
    told = {};
    postgresql = await newPostgresql(true);
    await postgresql.start();
    current = password();
    psql(schema);
  });
  afterEach(() => postgresql.remove());

  /** RDS and AWS Backup, as far as the function asks. */
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.method === "PUT") {
      told = { path: request.url, ...JSON.parse(body) };
      response.writeHead(204).end();
      return;
    }
    const fields = new URLSearchParams(body);
    const action = fields.get("Action")!;
    if (action === "ModifyDBInstance") {
      psql(`ALTER USER hft PASSWORD '${fields.get("MasterUserPassword")}'`);
      current = fields.get("MasterUserPassword")!;
    }
    const instance =
      `<DBInstanceIdentifier>${fields.get("DBInstanceIdentifier")}</DBInstanceIdentifier><DBInstanceStatus>available</DBInstanceStatus>` +
      `<MasterUsername>hft</MasterUsername><DBName>postgres</DBName>` +
      `<Endpoint><Address>localhost</Address><Port>${postgresql.port}</Port></Endpoint>`;
    const result =
      action === "ModifyDBInstance"
        ? `<DBInstance>${instance}</DBInstance>`
        : `<DBInstances><DBInstance>${instance}</DBInstance></DBInstances>`;
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(`<${action}Response><${action}Result>${result}</${action}Result></${action}Response>`);
  }

  /** The event as EventBridge hands it over. Source: AWS Backup Developer Guide, "Restore testing validation". */
  async function restored(identifier = RESTORED, more: Record<string, string> = {}) {
    const detail = {
      restoreJobId: JOB,
      status: "COMPLETED",
      resourceType: "RDS",
      createdResourceArn: `arn:aws:rds:eu-west-1:333333333333:db:${identifier}`,
    };
    const start = `import(process.argv[1]).then(({ handler }) => handler(${JSON.stringify({ detail })})).then(console.log)`;
    const { status: code, output } = await runToolBeside(process.execPath, ["-e", start, VALIDATOR], {
      env: {
        ...process.env,
        ...settings,
        NODE_EXTRA_CA_CERTS: postgresql.caFile!,
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
        ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "none", AWS_SECRET_ACCESS_KEY: "none" },
        ...more,
      },
    });
    return { code, output };
  }

  it("reads every table that the environment's function names, and tells AWS Backup how many rows there are", async () => {
    psql("INSERT INTO projections (partition, sequence) VALUES (0, 7)");
    const { code, output } = await restored();
    expect([code, output.trim().split("\n").at(-1)]).toEqual([0, "orders 0, executions 0, positions 0, projections 1"]);
    expect(told).toEqual({
      path: `/restore-jobs/${JOB}/validations`,
      ValidationStatus: "SUCCESSFUL",
      ValidationStatusMessage: "orders 0, executions 0, positions 0, projections 1",
    });
  });

  it("names only tables that the engine's migrations make", () => {
    const made = [...schema.matchAll(/CREATE TABLE (\w+)/g)].map(([, table]) => table);
    expect(made).toEqual(expect.arrayContaining(settings.TABLES!.split(",")));
  });

  it("says that a table is missing, and fails, which raises the alarm", async () => {
    psql("DROP TABLE executions");
    const { code } = await restored();
    expect(code).toBe(1);
    expect(told).toMatchObject({
      ValidationStatus: "FAILED",
      ValidationStatusMessage: 'relation "executions" does not exist',
    });
  });

  it("does not speak with a database whose certificate nobody it knows has signed", async () => {
    const { code } = await restored(RESTORED, { NODE_EXTRA_CA_CERTS: "" });
    expect(code).toBe(1);
    expect(told).toMatchObject({
      ValidationStatus: "FAILED",
      ValidationStatusMessage: expect.stringMatching(/certificate/),
    });
  });

  it("never touches the database that was backed up", async () => {
    const { code } = await restored(settings.DATABASE_IDENTIFIER);
    expect(code).toBe(1);
    expect(told).toMatchObject({
      ValidationStatus: "FAILED",
      ValidationStatusMessage: expect.stringMatching(/is no restored database$/),
    });
    expect(current).toBe(password());
  });
});
