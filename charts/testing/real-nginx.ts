import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { accepts, findTool, NGINX_FOLDER, toolOutput, until } from "@hft/testing";
import { type GatewayConfiguration, nginxConfiguration } from "../gateway/nginx-configuration";
import { startScript } from "../gateway/start-script";

export const TEST_HOSTNAME = "trade.example.com";
/** Connections from here may name the client in CF-Connecting-IP; those from 127.0.0.2 may not. */
export const TRUSTED_ADDRESS = "127.0.0.1";
export const UNTRUSTED_ADDRESS = "127.0.0.2";

/** What stands behind the gateway in a test. */
export interface TestUpstreams extends Pick<GatewayConfiguration, "engines" | "frontend" | "logPort"> {
  /** @default - none is asked */
  readonly nameServer?: string;
  /**
   * Name of the engines, and the folder of the authorities that the gateway believes.
   * @default - plain text
   */
  readonly engineTls?: { readonly name: string; readonly authoritiesDirectory: string };
  /**
   * Name of the frontend, which the same authorities are believed for.
   * @default - plain text
   */
  readonly frontendName?: string;
  /**
   * Folder of the certificate that Prometheus is shown.
   * @default - the one that users are shown
   */
  readonly internalDirectory?: string;
  /**
   * Where requests are counted.
   * @default - nowhere
   */
  readonly plainMetricsPort?: number;
}

/** A real nginx that runs the gateway's own configuration in a folder of its own. */
export class RealNginx {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly httpPort: number,
    readonly httpsPort: number,
    readonly statusPort: number,
    readonly metricsPort: number,
    /** Whom a client has to trust in order to believe the gateway. */
    readonly authority: Buffer,
    /** Shows the certificate that the gateway asks for. */
    readonly cloudflare: ClientIdentity,
    /** Shows one of the same name from another authority. */
    readonly stranger: ClientIdentity,
  ) {}

  /**
   * @param upstreams addresses of the stubs behind it
   * @param change applied to the rendered text: a shorter clock, for what would take minutes
   */
  static async prepare(
    { engineTls, frontendName, plainMetricsPort = 9, internalDirectory, ...upstreams }: TestUpstreams,
    change: (rendered: string) => string = (rendered) => rendered,
  ): Promise<RealNginx> {
    const folder = mkdtempSync(join(tmpdir(), "gateway-"));
    // The workers run as another user.
    chmodSync(folder, 0o755);
    const [httpPort, httpsPort, statusPort, tokenPort, metricsPort] = await freePorts(5);
    mkdirSync(join(folder, "scratch"));
    chmodSync(join(folder, "scratch"), 0o777);
    const { cert: authority } = makeCertificate(join(folder, "tls"), TEST_HOSTNAME);
    const cloudflare = makeCertificate(join(folder, "cloudflare"), "origin-pull.example.net");
    const stranger = makeCertificate(join(folder, "stranger"), "origin-pull.example.net");
    const authoritiesFile = join(folder, "scratch/authorities.pem");
    const configuration = nginxConfiguration({
      hostname: TEST_HOSTNAME,
      nameServer: "127.0.0.1:53",
      ...upstreams,
      ...(engineTls && { engineTls: { name: engineTls.name, authoritiesFile } }),
      ...(frontendName && { frontendTls: { name: frontendName, authoritiesFile } }),
      requestMetrics: { port: metricsPort!, plainPort: plainMetricsPort },
      internalDirectory: internalDirectory ?? join(folder, "tls"),
      tokenPort: tokenPort!,
      httpPort: httpPort!,
      httpsPort: httpsPort!,
      statusPort: statusPort!,
      trustedProxies: [`${TRUSTED_ADDRESS}/32`],
      clientAuthorityFile: join(folder, "cloudflare/tls.crt"),
      tlsDirectory: join(folder, "tls"),
      scratchDirectory: join(folder, "scratch"),
      mimeTypes: join(NGINX_FOLDER, "conf/mime.types"),
      workers: 2,
    });
    const configurationFile = join(folder, "nginx.conf");
    writeFileSync(configurationFile, change(configuration));
    if (engineTls) {
      const { authoritiesDirectory } = engineTls;
      const start = { configurationFile, authoritiesDirectory, authoritiesFile, lookEverySeconds: 1 };
      writeFileSync(join(folder, "start.sh"), startScript(start));
    }
    return new RealNginx(folder, httpPort!, httpsPort!, statusPort!, metricsPort!, authority, cloudflare, stranger);
  }

  /** `nginx -t` */
  check(): { readonly status: number | null; readonly output: string } {
    const file = join(this.folder, "check");
    const log = openSync(file, "w");
    // nginx opens /dev/stderr by name, which works for files and not for node's pipes.
    const { status } = spawnSync(findTool("nginx")!, ["-t", "-c", join(this.folder, "nginx.conf")], {
      stdio: ["ignore", log, log],
    });
    return { status, output: readFileSync(file, "utf8") };
  }

  async start(): Promise<void> {
    const log = openSync(join(this.folder, "output"), "w");
    const nginx = findTool("nginx")!;
    const script = join(this.folder, "start.sh");
    // As the container does, where there are authorities to follow.
    const [program, ...words] = existsSync(script)
      ? ["sh", script]
      : [nginx, "-c", join(this.folder, "nginx.conf"), "-g", "daemon off;"];
    const PATH = [dirname(nginx), process.env.PATH].join(delimiter);
    this.process = spawn(program, words, { stdio: ["ignore", log, log], env: { ...process.env, PATH } });
    await until(
      () => accepts(this.httpsPort),
      () => `nginx listens on ${this.httpsPort}:\n${this.output()}`,
    );
  }

  /** Access log and errors. */
  output(): string {
    return readFileSync(join(this.folder, "output"), "utf8");
  }

  async stop(): Promise<void> {
    if (this.process?.kill("SIGTERM")) await once(this.process, "exit");
    rmSync(this.folder, { recursive: true });
  }
}

/** What a client needs to be taken for Cloudflare. */
export interface ClientIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A self-signed certificate: of the server, or of a client whose own authority it is. */
function makeCertificate(folder: string, name: string): ClientIdentity {
  mkdirSync(folder, { mode: 0o755 });
  const [key, certificate] = [join(folder, "tls.key"), join(folder, "tls.crt")];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  const algorithm = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  toolOutput("openssl", ["req", "-x509", "-days", "1", ...algorithm, ...subject, "-keyout", key, "-out", certificate]);
  // Read by the workers at each handshake.
  chmodSync(key, 0o644);
  return { cert: readFileSync(certificate), key: readFileSync(key) };
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
