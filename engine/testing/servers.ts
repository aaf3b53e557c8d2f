import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, chownSync, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suiteThatNeeds, toolOutput } from "@hft/testing";
import { freePort } from "../threads/free-port";
import { newCertificate, opensslIsMissing } from "./certificates";
import { idsOf, newDirectory, SERVER_CACHE, ServerProcess } from "./server-process";

const POSTGRESQL_BIN = "/usr/lib/postgresql/15/bin";
const REDIS = "/usr/bin/redis-server";
const KAFKA_LIBS = join(SERVER_CACHE, "kafka-3.9.1/libs");

/** What `install.sh` has not installed here; a suite that needs it prints this and skips. */
function missingServers(): readonly string[] {
  return [
    ...(existsSync(join(POSTGRESQL_BIN, "postgres")) ? [] : ["PostgreSQL 15"]),
    ...(existsSync(REDIS) ? [] : ["Redis"]),
    ...(opensslIsMissing() ? ["OpenSSL"] : []),
    ...(existsSync("/usr/bin/java") && existsSync(KAFKA_LIBS) ? [] : ["Apache Kafka"]),
  ];
}

/** `describe` for what needs the real servers. */
export function describeWithServers(title: string, body: () => void): void {
  const missing = missingServers().join(", ");
  suiteThatNeeds(missing ? `${missing} not installed; run engine/testing/install.sh` : undefined)(title, body);
}

/** A server with a password, and with the authority of its certificate when it speaks TLS. */
export type ServerWithLogin = ServerProcess & {
  readonly passwordFile: string;
  readonly caFile: string | undefined;
};

/** PostgreSQL 15 with a database and a user `hft`, password in `passwordFile`. It refuses to run as root. */
export async function newPostgresql(tls = false): Promise<ServerWithLogin> {
  const directory = newDirectory("postgresql");
  const port = await freePort();
  const user = process.getuid?.() === 0 ? "postgres" : undefined;
  const passwordFile = join(directory, "password");
  const password = randomBytes(12).toString("hex");
  writeFileSync(passwordFile, password);
  if (user) {
    const { uid, gid } = idsOf(user);
    chownSync(directory, uid, gid);
    chownSync(passwordFile, uid, gid);
  }
  const certificate = tls ? newCertificate(directory, user) : undefined;
  const data = join(directory, "data");
  toolOutput(
    join(POSTGRESQL_BIN, "initdb"),
    ["-D", data, "-U", "hft", "--auth=scram-sha-256", `--pwfile=${passwordFile}`, "-E", "UTF8"],
    {
      ...(user ? idsOf(user) : {}),
    },
  );
  const server = new ServerProcess(port, directory, {
    command: join(POSTGRESQL_BIN, "postgres"),
    args: [
      "-D",
      data,
      "-p",
      String(port),
      "-c",
      "listen_addresses=127.0.0.1",
      "-k",
      directory,
      "-c",
      "shared_buffers=32MB",
      ...(certificate
        ? [
            "-c",
            "ssl=on",
            "-c",
            `ssl_cert_file=${certificate.certificateFile}`,
            "-c",
            `ssl_key_file=${certificate.keyFile}`,
          ]
        : []),
    ],
    ...(user ? { user } : {}),
    ready: () => postgresqlTakesClients(port),
  });
  return Object.assign(server, { passwordFile, caFile: certificate?.caFile });
}

function postgresqlTakesClients(port: number): Promise<boolean> {
  const probe = ["-q", "-h", "127.0.0.1", "-p", String(port)];
  return new Promise((resolve) => execFile(join(POSTGRESQL_BIN, "pg_isready"), probe, (error) => resolve(!error)));
}

/** Redis 7 with append-only persistence and a password, as the managed cache has one. */
export async function newRedis(tls = false): Promise<ServerWithLogin> {
  const directory = newDirectory("redis");
  const port = await freePort();
  const passwordFile = join(directory, "password");
  const password = randomBytes(12).toString("hex");
  writeFileSync(passwordFile, password);
  const certificate = tls ? newCertificate(directory) : undefined;
  const server = new ServerProcess(port, directory, {
    command: REDIS,
    args: [
      ...(certificate
        ? [
            ...["--port", "0", "--tls-port", String(port), "--tls-auth-clients", "no"],
            ...["--tls-cert-file", certificate.certificateFile, "--tls-key-file", certificate.keyFile],
            ...["--tls-ca-cert-file", certificate.caFile],
          ]
        : ["--port", String(port)]),
      "--bind",
      "127.0.0.1",
      "--requirepass",
      password,
      "--appendonly",
      "yes",
      "--dir",
      directory,
    ],
  });
  return Object.assign(server, { passwordFile, caFile: certificate?.caFile });
}

/** One Kafka node in KRaft mode, broker and controller in one. */
export async function newKafka(tls = false): Promise<ServerProcess & { caFile: string | undefined }> {
  const directory = newDirectory("kafka");
  const [port, controllerPort] = [await freePort(), await freePort()];
  const certificate = tls ? newCertificate(directory) : undefined;
  const protocol = tls ? "SSL" : "PLAINTEXT";
  const properties = join(directory, "server.properties");
  writeFileSync(
    properties,
    [
      "process.roles=broker,controller",
      "node.id=1",
      `controller.quorum.voters=1@127.0.0.1:${controllerPort}`,
      `listeners=${protocol}://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
      // A client checks the name that it is sent to.
      `advertised.listeners=${protocol}://${tls ? "localhost" : "127.0.0.1"}:${port}`,
      "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL",
      "controller.listener.names=CONTROLLER",
      `inter.broker.listener.name=${protocol}`,
      ...(certificate
        ? [
            "ssl.keystore.type=PEM",
            `ssl.keystore.location=${certificate.bundleFile}`,
            "ssl.truststore.type=PEM",
            `ssl.truststore.location=${certificate.caFile}`,
          ]
        : []),
      `log.dirs=${join(directory, "logs")}`,
      "offsets.topic.replication.factor=1",
      "transaction.state.log.replication.factor=1",
      "transaction.state.log.min.isr=1",
      "group.initial.rebalance.delay.ms=0",
      "auto.create.topics.enable=false",
      // A killed broker is let in again after its session: seconds count here.
      "broker.session.timeout.ms=3000",
      "broker.heartbeat.interval.ms=500",
    ].join("\n"),
  );
  const classpath = readdirSync(KAFKA_LIBS)
    .map((jar) => join(KAFKA_LIBS, jar))
    .join(":");
  const java = (main: string, ...args: string[]) => [
    "-Xmx384m",
    "-XX:TieredStopAtLevel=1",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-cp",
    classpath,
    main,
    ...args,
  ];
  toolOutput(
    "java",
    java("kafka.tools.StorageTool", "format", "--cluster-id", "MkU3OEVBNTcwNTJENDM2Qg", "--config", properties),
  );
  chmodSync(directory, 0o700);
  const server = new ServerProcess(port, directory, { command: "java", args: java("kafka.Kafka", properties) });
  return Object.assign(server, { caFile: certificate?.caFile });
}
