import type { Server as HttpServer } from "node:http";
import { createServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { FastifyInstance } from "fastify";
import type { EngineConfiguration } from "../configuration";
import type { Log } from "../telemetry/log";
import { CertificateWatch } from "../tls/certificate-watch";
import { HTTP_LIMITS } from "./http-server";
import { listen, listenSecurely } from "./listen";

/**
 * Where the API is reached: in plain text, and by TLS where the configuration has a certificate. Both lead to the same
 * routes.
 */
export class Listeners {
  private constructor(
    private readonly app: FastifyInstance,
    private readonly secure: HttpsServer | undefined,
    private readonly certificate: CertificateWatch | undefined,
  ) {}

  /** Opens the ports, all or none. */
  static async open(app: FastifyInstance, configuration: EngineConfiguration, log: Log): Promise<Listeners> {
    const { http, tls } = configuration;
    const secured = http.secure && tls && { address: http.secure, tls };
    let certificate: CertificateWatch | undefined;
    let secure: HttpsServer | undefined;
    try {
      if (secured) {
        certificate = new CertificateWatch(secured.tls, {
          onChange: (options) => {
            // Handshakes from now on; whoever is connected stays so.
            secure?.setSecureContext(options);
            const notAfter = new Date(certificate!.notAfterSeconds * 1_000);
            log.info({ component: "tls", notAfter }, "the certificate or its CAs have changed");
          },
          onProblem: (message) => log.error({ component: "tls" }, message),
        });
        secure = secureServer(app, certificate);
      }
      await listen(app, http);
      if (secured && secure) await listenSecurely(secure, secured.address);
      return new Listeners(app, secure, certificate);
    } catch (error) {
      certificate?.stop();
      await app.close();
      throw error;
    }
  }

  get servers(): HttpServer[] {
    return this.secure ? [this.app.server, this.secure] : [this.app.server];
  }

  get url(): string {
    return urlOf("http", this.app.server);
  }

  /** Undefined without TLS. */
  get secureUrl(): string | undefined {
    return this.secure && urlOf("https", this.secure);
  }

  /** When the certificate in use ends; nothing without TLS. */
  get certificateExpirySeconds(): number | undefined {
    return this.certificate?.notAfterSeconds;
  }

  /** Takes no new connection, and resolves when the last one has ended. */
  async close(): Promise<void> {
    this.certificate?.stop();
    const secure = this.secure && new Promise((closed) => this.secure!.close(closed));
    this.secure?.closeIdleConnections();
    const closing = this.app.close();
    this.app.server.closeIdleConnections();
    await Promise.all([closing, secure]);
  }

  cutConnections(): void {
    for (const server of this.servers) server.closeAllConnections();
  }
}

function secureServer(app: FastifyInstance, certificate: CertificateWatch): HttpsServer {
  return createServer({ ...certificate.options, ...HTTP_LIMITS }, (request, response) =>
    app.routing(request, response),
  );
}

function urlOf(scheme: string, server: HttpServer): string {
  const { address, port } = server.address() as AddressInfo;
  return `${scheme}://${address.includes(":") ? `[${address}]` : address}:${port}`;
}
