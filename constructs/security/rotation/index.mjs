import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

// Runs as it stands in Lambda, whose Node.js runtimes bring the AWS SDK. It is not a dependency of this repository, so
// it is loaded only there.

/**
 * @typedef {{ SecretId: string, ClientRequestToken: string, Step: "createSecret" | "setSecret" | "testSecret" | "finishSecret" }} Rotation
 * @typedef {{
 *   describe: () => Promise<Record<string, string[]>>,
 *   read: (stage: string, version?: string) => Promise<string | undefined>,
 *   write: (version: string, value: string) => Promise<void>,
 *   promote: (to: string, from: string | undefined) => Promise<void>,
 * }} SecretPort a secret, its versions and their stages
 * @typedef {{ setPassword: (password: string) => Promise<void>, isPasswordPending: () => Promise<boolean> }} DatabasePort
 */

const PASSWORD_BYTES = 24;
const POLL_MS = 5_000;
const POLLS = 24;

/**
 * One step of a rotation, which Secrets Manager calls in order and repeats when it fails, so that each may run twice.
 * The database's password is set by RDS's own interface: it needs no connection and not the old password, which for a
 * new or a just promoted database nobody knows.
 * @param {Rotation} rotation
 * @param {{ secret: SecretPort, database?: DatabasePort, wait?: (ms: number) => Promise<unknown> }} ports
 */
export async function rotate({ Step, ClientRequestToken: version }, { secret, database, wait = sleep }) {
  const stages = await secret.describe();
  if (!stages[version]) throw new Error(`version ${version} was not announced by Secrets Manager`);
  if (stages[version].includes("AWSCURRENT")) return;
  if (Step === "createSecret") await create(version, secret);
  if (Step === "setSecret") await database?.setPassword(await pendingPassword(version, secret));
  if (Step === "testSecret" && database) await untilInForce(database, wait);
  if (Step === "finishSecret") {
    const current = Object.keys(stages).find((each) => stages[each]?.includes("AWSCURRENT"));
    await secret.promote(version, current);
  }
}

/** @param {string} version @param {SecretPort} secret */
async function create(version, secret) {
  if (await secret.read("AWSPENDING", version)) return;
  const current = JSON.parse((await secret.read("AWSCURRENT")) ?? "{}");
  // base64url has no character that RDS refuses ("/", "@", quotes, space).
  await secret.write(
    version,
    JSON.stringify({ ...current, password: randomBytes(PASSWORD_BYTES).toString("base64url") }),
  );
}

/** @param {string} version @param {SecretPort} secret @returns {Promise<string>} */
async function pendingPassword(version, secret) {
  const value = await secret.read("AWSPENDING", version);
  if (!value) throw new Error(`version ${version} has no value: createSecret has not run`);
  return JSON.parse(value).password;
}

/** @param {DatabasePort} database @param {(ms: number) => Promise<unknown>} wait */
async function untilInForce(database, wait) {
  for (let poll = 0; poll < POLLS; poll++) {
    if (!(await database.isPasswordPending())) return;
    await wait(POLL_MS);
  }
  throw new Error("RDS still holds the new password as pending; the rotation will be repeated");
}

/** @param {Rotation} rotation */
export async function handler(rotation) {
  const identifier = process.env.DATABASE_IDENTIFIER;
  await rotate(rotation, {
    secret: await secretsManager(rotation.SecretId),
    database: identifier ? await rds(identifier) : undefined,
  });
}

/** @param {string} SecretId @returns {Promise<SecretPort>} */
async function secretsManager(SecretId) {
  const sdk = await import("@aws-sdk/client-secrets-manager");
  const client = new sdk.SecretsManagerClient({});
  return {
    describe: async () => (await client.send(new sdk.DescribeSecretCommand({ SecretId }))).VersionIdsToStages ?? {},
    read: async (VersionStage, VersionId) => {
      try {
        return (await client.send(new sdk.GetSecretValueCommand({ SecretId, VersionStage, VersionId }))).SecretString;
      } catch (error) {
        if (error instanceof sdk.ResourceNotFoundException) return undefined;
        throw error;
      }
    },
    write: async (ClientRequestToken, SecretString) => {
      const VersionStages = ["AWSPENDING"];
      await client.send(new sdk.PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }));
    },
    promote: async (MoveToVersionId, RemoveFromVersionId) => {
      const VersionStage = "AWSCURRENT";
      const command = { SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId };
      await client.send(new sdk.UpdateSecretVersionStageCommand(command));
    },
  };
}

/** @param {string} DBInstanceIdentifier @returns {Promise<DatabasePort>} */
async function rds(DBInstanceIdentifier) {
  const sdk = await import("@aws-sdk/client-rds");
  const client = new sdk.RDSClient({});
  return {
    setPassword: async (MasterUserPassword) => {
      const command = { DBInstanceIdentifier, MasterUserPassword, ApplyImmediately: true };
      await client.send(new sdk.ModifyDBInstanceCommand(command));
    },
    isPasswordPending: async () => {
      const { DBInstances } = await client.send(new sdk.DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      const instance = DBInstances?.[0];
      return (
        instance?.DBInstanceStatus === "resetting-master-credentials" ||
        instance?.PendingModifiedValues?.MasterUserPassword !== undefined
      );
    },
  };
}
