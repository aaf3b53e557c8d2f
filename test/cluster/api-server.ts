import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { join } from "node:path";
import { freePort } from "@hft/engine";
import { newDirectory, ServerProcess } from "@hft/engine/testing/server-process";
import { findTool, TOOL_CACHE } from "@hft/testing";

/** The version that `install.sh` builds. */
export const SERVED_VERSION = "1.35.4";
const PROGRAMS = join(TOOL_CACHE, `control-plane-${SERVED_VERSION}`);
/** The operators' own definitions of their resources, as files. */
export const DEFINITIONS_FOLDER = join(TOOL_CACHE, "custom-resources-1");

export interface ApiServerAnswer {
  readonly status: number;
  readonly body: unknown;
  /** Text of the `Warning` headers (Kubernetes API concepts, "Warnings"). */
  readonly warnings: readonly string[];
}

export function whatIsMissing(): string | undefined {
  const missing = [join(PROGRAMS, "etcd"), join(PROGRAMS, "kube-apiserver"), DEFINITIONS_FOLDER].filter(
    (path) => !existsSync(path),
  );
  if (missing.length > 0) return `${missing.join(", ")} not there; run test/cluster/install.sh`;
  return findTool("kubectl") ? undefined : "kubectl is not installed; run test/commands/install.sh";
}

/** A kube-apiserver with an etcd of its own, on loopback. It starts empty. */
export class ApiServer {
  /** @param serviceRange of the cluster under test; the server takes its own address from it */
  static async start(serviceRange: string): Promise<ApiServer> {
    const etcd = await startEtcd();
    const token = randomBytes(16).toString("hex");
    const port = await freePort();
    const directory = newDirectory("api-server");
    writeFileSync(join(directory, "tokens.csv"), `${token},admin,admin,system:masters\n`, { mode: 0o600 });
    writeKeys(directory);
    const server = new ServerProcess(port, directory, {
      command: join(PROGRAMS, "kube-apiserver"),
      args: apiServerArguments(etcd.endpoint, port, serviceRange),
      ready: async () => existsSync(certificateOf(directory)) && (await isReady(port, directory, token)),
    });
    await server.start();
    return new ApiServer(etcd, server, token);
  }

  private readonly agent: Agent;

  private constructor(
    private readonly etcd: ServerProcess,
    private readonly server: ServerProcess,
    private readonly token: string,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: 4, ca: readFileSync(certificateOf(server.directory)) });
  }

  /** @param path with its query, `/api/v1/namespaces` */
  call(method: string, path: string, body?: unknown, contentType = "application/json"): Promise<ApiServerAnswer> {
    return call(this.server.port, this.agent, this.token, { method, path, body, contentType });
  }

  /** A file by which kubectl reaches the server as an administrator. */
  kubeconfig(): string {
    const file = join(this.server.directory, "kubeconfig.json");
    const cluster = {
      server: `https://127.0.0.1:${this.server.port}`,
      "certificate-authority": certificateOf(this.server.directory),
    };
    const content = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "test", cluster }],
      users: [{ name: "admin", user: { token: this.token } }],
      contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
      "current-context": "test",
    };
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  }

  async remove(): Promise<void> {
    this.agent.destroy();
    await this.server.remove();
    await this.etcd.remove();
  }
}

async function startEtcd(): Promise<ServerProcess> {
  const directory = newDirectory("etcd");
  const port = await freePort();
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${await freePort()}`;
  const etcd = new ServerProcess(port, directory, {
    command: join(PROGRAMS, "etcd"),
    args: [
      ...["--data-dir", join(directory, "data"), "--unsafe-no-fsync"],
      ...["--listen-client-urls", client, "--advertise-client-urls", client],
      ...["--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster", `default=${peer}`],
    ],
  });
  await etcd.start();
  return etcd;
}

/** Signs the tokens of service accounts, without which the server does not start. */
function writeKeys(directory: string): void {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(directory, "sa.key"), privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  writeFileSync(join(directory, "sa.pub"), publicKey.export({ type: "spki", format: "pem" }));
}

const apiServerArguments = (etcd: string, port: number, serviceRange: string): string[] => [
  `--etcd-servers=http://${etcd}`,
  ...["--bind-address=127.0.0.1", "--advertise-address=127.0.0.1", `--secure-port=${port}`, "--cert-dir=certificates"],
  ...[`--service-cluster-ip-range=${serviceRange}`, "--endpoint-reconciler-type=none"],
  ...["--authorization-mode=Node,RBAC", "--token-auth-file=tokens.csv", "--allow-privileged=true"],
  ...["--service-account-issuer=https://kubernetes.default.svc", "--service-account-key-file=sa.pub"],
  "--service-account-signing-key-file=sa.key",
  // Beside the defaults, what EKS has too: Amazon EKS User Guide, "Amazon EKS platform versions", as it listed them for
  // 1.23. Its list for 1.35 is not known here.
  "--enable-admission-plugins=NodeRestriction,ExtendedResourceToleration",
];

/** The server makes it itself, and it is its own authority. */
const certificateOf = (directory: string) => join(directory, "certificates/apiserver.crt");

async function isReady(port: number, directory: string, token: string): Promise<boolean> {
  const agent = new Agent({ ca: readFileSync(certificateOf(directory)) });
  const asked = { method: "GET", path: "/readyz", contentType: "application/json" };
  return call(port, agent, token, asked).then(
    ({ status }) => status === 200,
    () => false,
  );
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly contentType: string;
  readonly body?: unknown;
}

function call(
  port: number,
  agent: Agent,
  token: string,
  { method, path, contentType, body }: Call,
): Promise<ApiServerAnswer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": contentType };
    const sent = request({ host: "127.0.0.1", port, agent, method, path, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = answer.headers["content-type"]?.includes("json");
        const warnings = [answer.headers.warning ?? []].flat() as string[];
        resolve({ status: answer.statusCode ?? 0, body: isJson ? JSON.parse(text) : text, warnings });
      });
    });
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
