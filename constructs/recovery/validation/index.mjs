import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls } from "node:tls";

// Runs as it stands in Lambda, whose Node.js runtimes bring the AWS SDK. It is not a dependency of this repository, so
// it is loaded only there. It speaks with PostgreSQL by itself: a driver would have to be packed and kept up to date.

/**
 * @typedef {{ restoreJobId: string, createdResourceArn: string }} Restored
 * @typedef {{ ready: boolean, host?: string, port?: number, user?: string, database?: string }} Instance
 * @typedef {{ setPassword: (id: string, password: string) => Promise<void>, look: (id: string) => Promise<Instance> }} InstancePort
 * @typedef {{ tell: (jobId: string, status: "SUCCESSFUL" | "FAILED", message: string) => Promise<void> }} BackupPort
 */

const PASSWORD_BYTES = 24;
const POLL_MS = 10_000;
/** RDS takes up to two minutes to put a password in force, and a restored instance is busy at first. */
const POLLS = 60;
const CONNECT_TIMEOUT_MS = 20_000;
/** A restored disk is read from S3 block by block as it is asked for. */
const QUERY_TIMEOUT_MS = 120_000;

/**
 * Reads every row of the tables that must be there, and tells AWS Backup what came of it. Whoever knew the database's password when it
 * was backed up may not know it now, so the restored one is given another.
 * @param {Restored} restored
 * @param {{
 *   tables: readonly string[], original: string, instances: InstancePort, backup: BackupPort,
 *   open?: typeof openPostgresql, wait?: (ms: number) => Promise<unknown>,
 * }} ports `original` is the identifier of the database that was backed up: never to be touched
 */
export async function validate({ restoreJobId, createdResourceArn }, ports) {
  const { backup } = ports;
  try {
    const counts = await countRows(createdResourceArn, ports);
    await backup.tell(restoreJobId, "SUCCESSFUL", counts);
    return counts;
  } catch (error) {
    await backup.tell(restoreJobId, "FAILED", error.message.slice(0, 900));
    throw error;
  }
}

async function countRows(arn, { tables, original, instances, open = openPostgresql, wait = sleep }) {
  const [, identifier] = /^arn:aws:rds:[^:]+:\d{12}:db:([\w-]+)$/.exec(arn) ?? [];
  if (!identifier || identifier === original) throw new Error(`${arn} is no restored database`);
  await untilReady(identifier, instances, wait);
  // base64url has no character that RDS refuses ("/", "@", quotes, space).
  const password = randomBytes(PASSWORD_BYTES).toString("base64url");
  await instances.setPassword(identifier, password);
  await wait(POLL_MS);
  const { host, port, user, database } = await untilReady(identifier, instances, wait);
  const session = await open({ host, port, user, database, password });
  try {
    const counts = [];
    for (const table of tables) counts.push(`${table} ${await session.value(`SELECT count(*) FROM "${table}"`)}`);
    return counts.join(", ");
  } finally {
    session.close();
  }
}

async function untilReady(identifier, instances, wait) {
  for (let poll = 0; poll < POLLS; poll++) {
    const instance = await instances.look(identifier);
    if (instance.ready) return instance;
    await wait(POLL_MS);
  }
  throw new Error(`${identifier} is not ready after ${(POLLS * POLL_MS) / 60_000} minutes`);
}

/** Sent by EventBridge when a restore of the plan has been completed. */
export async function handler({ detail }) {
  const { DATABASE_IDENTIFIER: original, TABLES } = process.env;
  return validate(detail, { original, tables: TABLES.split(","), instances: await rds(), backup: await backup() });
}

/** @returns {Promise<InstancePort>} */
async function rds() {
  const sdk = await import("@aws-sdk/client-rds");
  const client = new sdk.RDSClient({});
  return {
    setPassword: async (DBInstanceIdentifier, MasterUserPassword) => {
      const command = { DBInstanceIdentifier, MasterUserPassword, ApplyImmediately: true };
      await client.send(new sdk.ModifyDBInstanceCommand(command));
    },
    look: async (DBInstanceIdentifier) => {
      const { DBInstances } = await client.send(new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      const { DBInstanceStatus, PendingModifiedValues, Endpoint, MasterUsername, DBName } = DBInstances[0];
      return {
        ready: DBInstanceStatus === "available" && PendingModifiedValues?.MasterUserPassword === undefined,
        host: Endpoint?.Address,
        port: Endpoint?.Port,
        user: MasterUsername,
        database: DBName,
      };
    },
  };
}

/** @returns {Promise<BackupPort>} */
async function backup() {
  const sdk = await import("@aws-sdk/client-backup");
  const client = new sdk.BackupClient({});
  return {
    tell: async (RestoreJobId, ValidationStatus, ValidationStatusMessage) => {
      const command = { RestoreJobId, ValidationStatus, ValidationStatusMessage };
      await client.send(new sdk.PutRestoreValidationResultCommand(command));
    },
  };
}

/**
 * A session by PostgreSQL's protocol 3.0: TLS, SCRAM-SHA-256 (RFC 7677) and simple queries of one value.
 * Source: PostgreSQL 16 documentation, chapter 55, "Frontend/Backend Protocol".
 * @param {{ host: string, port: number, user: string, database: string, password: string, ca?: Buffer }} where
 */
export async function openPostgresql({ host, port, user, database, password, ca }) {
  const socket = await secured(host, port, ca);
  socket.setTimeout(QUERY_TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${QUERY_TIMEOUT_MS / 1000} s`)));
  const messages = messagesOf(socket);
  const next = async () => {
    const { value, done } = await messages.next();
    if (done) throw new Error("the database has closed the connection");
    if (value.type === "E") throw new Error(errorText(value.body));
    return value;
  };
  const start = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  socket.write(Buffer.concat([int32(start.length + 8), int32(0x30000), start]));
  await signIn(next, (body) => socket.write(framed("p", body)), password);
  const untilIdle = async (seen) => {
    for (let message = await next(); message.type !== "Z"; message = await next()) seen?.(message);
  };
  await untilIdle();
  return {
    /** @param {string} sql @returns {Promise<string | undefined>} first column of the last row */
    value: async (sql) => {
      let value;
      socket.write(framed("Q", Buffer.from(`${sql}\0`)));
      await untilIdle(({ type, body }) => {
        if (type === "D") value = body.subarray(6, 6 + Math.max(body.readInt32BE(2), 0)).toString();
      });
      return value;
    },
    close: () => socket.destroy(),
  };
}

async function secured(host, port, ca) {
  const socket = connectTcp({ host, port, timeout: CONNECT_TIMEOUT_MS });
  socket.once("timeout", () => socket.destroy(new Error(`${host} does not answer`)));
  await once(socket, "connect");
  // SSLRequest; a server that takes it says S.
  socket.write(Buffer.concat([int32(8), int32(80_877_103)]));
  const [answer] = await once(socket, "data");
  if (answer.toString() !== "S") throw new Error("the database takes no TLS");
  socket.setTimeout(0);
  const secure = connectTls({ socket, servername: host, host, ca });
  await once(secure, "secureConnect");
  return secure;
}

async function* messagesOf(socket) {
  let kept = Buffer.alloc(0);
  for await (const chunk of socket) {
    kept = Buffer.concat([kept, chunk]);
    while (kept.length >= 5 && kept.length > kept.readInt32BE(1)) {
      const end = kept.readInt32BE(1) + 1;
      yield { type: String.fromCharCode(kept[0]), body: kept.subarray(5, end) };
      kept = kept.subarray(end);
    }
  }
}

async function signIn(next, answer, password) {
  const hmac = (key, text) => createHmac("sha256", key).update(text).digest();
  const authentication = async () => {
    const { body } = await next();
    return { kind: body.readInt32BE(0), data: body.subarray(4).toString() };
  };
  const offered = await authentication();
  if (offered.kind !== 10 || !offered.data.includes("SCRAM-SHA-256\0"))
    throw new Error("the database asks for no SCRAM");
  const first = `n=,r=${randomBytes(18).toString("base64")}`;
  const initial = Buffer.from(`n,,${first}`);
  answer(Buffer.concat([Buffer.from("SCRAM-SHA-256\0"), int32(initial.length), initial]));
  const challenge = (await authentication()).data;
  const {
    r: nonce,
    s: salt,
    i: rounds,
  } = Object.fromEntries(challenge.split(",").map((part) => [part[0], part.slice(2)]));
  const salted = pbkdf2Sync(password, Buffer.from(salt, "base64"), Number(rounds), 32, "sha256");
  const clientKey = hmac(salted, "Client Key");
  const bare = `c=biws,r=${nonce}`;
  const spoken = `${first},${challenge},${bare}`;
  const signature = hmac(createHash("sha256").update(clientKey).digest(), spoken);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ signature[index]));
  answer(Buffer.from(`${bare},p=${proof.toString("base64")}`));
  const proven = Buffer.from((await authentication()).data.slice(2), "base64");
  const expected = hmac(hmac(salted, "Server Key"), spoken);
  if (proven.length !== expected.length || !timingSafeEqual(proven, expected))
    throw new Error("not the database's own answer");
}

const int32 = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const framed = (type, body) => Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);

/** The field M of an ErrorResponse is the text for people. */
const errorText = (body) =>
  body
    .toString()
    .split("\0")
    .find((field) => field.startsWith("M"))
    ?.slice(1) ?? "an error without a text";
