import { join } from "node:path";

type Stages = Record<string, string[]>;

/** Secrets Manager as far as a rotation sees it: values by version, stages by version. */
function aSecret(current: object) {
  const values: Record<string, string> = { first: JSON.stringify(current) };
  const stages: Stages = { first: ["AWSCURRENT"], second: ["AWSPENDING"] };
  return {
    values,
    stages,
    port: {
      describe: async () => stages,
      read: async (stage: string, version?: string) =>
        values[version ?? Object.keys(stages).find((each) => stages[each]!.includes(stage))!],
      write: async (version: string, value: string) => {
        values[version] = value;
      },
      promote: async (to: string, from?: string) => {
        if (from) stages[from] = ["AWSPREVIOUS"];
        stages[to] = ["AWSCURRENT"];
      },
    },
  };
}

/** RDS as far as a rotation sees it: a new password is pending for a while. */
function aDatabase(pollsUntilInForce = 0) {
  let polls = pollsUntilInForce;
  const database = {
    password: "unknown",
    setPassword: async (password: string) => {
      database.password = password;
    },
    isPasswordPending: async () => polls-- > 0,
  };
  return database;
}

const STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/** What Lambda runs; JavaScript, because Lambda runs it as it stands. */
interface RotationModule {
  rotate(rotation: { Step: string; SecretId: string; ClientRequestToken: string }, ports: object): Promise<void>;
}

async function rotateAll(ports: object, steps: readonly string[] = STEPS): Promise<void> {
  const { rotate }: RotationModule = await import(join(__dirname, "rotation", "index.mjs"));
  for (const Step of steps) {
    await rotate({ Step, SecretId: "secret", ClientRequestToken: "second" }, { wait: async () => {}, ...ports });
  }
}

describe("a rotation", () => {
  it("ends with the database and the current version having the same new password, and the user unchanged", async () => {
    const secret = aSecret({ username: "hft", password: "old" });
    const database = aDatabase(3);
    await rotateAll({ secret: secret.port, database });
    const current = JSON.parse(secret.values.second!);
    expect(secret.stages).toEqual({ first: ["AWSPREVIOUS"], second: ["AWSCURRENT"] });
    expect(current).toEqual({ username: "hft", password: database.password });
    expect(database.password).toMatch(/^[\w-]{32}$/);
  });

  it("keeps the value of its first attempt when a step is repeated", async () => {
    const secret = aSecret({ password: "old" });
    const database = aDatabase();
    await rotateAll({ secret: secret.port, database }, ["createSecret", "setSecret"]);
    const first = database.password;
    await rotateAll({ secret: secret.port, database });
    expect(database.password).toBe(first);
  });

  it("does not finish while RDS holds the password as pending", async () => {
    const secret = aSecret({ password: "old" });
    await expect(rotateAll({ secret: secret.port, database: aDatabase(Number.POSITIVE_INFINITY) })).rejects.toThrow(
      "still holds the new password as pending",
    );
    expect(secret.stages.first).toEqual(["AWSCURRENT"]);
  });

  it("only makes a new random value where there is no database", async () => {
    const secret = aSecret({ password: "old" });
    await rotateAll({ secret: secret.port });
    expect(JSON.parse(secret.values.second!).password).not.toBe("old");
  });

  it("refuses a version that Secrets Manager did not announce", async () => {
    const secret = aSecret({});
    delete secret.stages.second;
    await expect(rotateAll({ secret: secret.port })).rejects.toThrow("was not announced");
  });
});
