import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { connect } from "node:tls";
import { type RealNginx, TEST_HOSTNAME } from "../../charts/testing/real-nginx";

/**
 * In Cloudflare's place before a gateway: takes plain connections, and passes them on by TLS with the certificate that
 * origins ask for. What is said on them it does not touch, so any client can come through.
 */
export class EdgeStandIn {
  private readonly server: Server;

  private constructor(nginx: RealNginx) {
    this.server = createServer((client) => {
      const origin = connect({
        host: "127.0.0.1",
        port: nginx.httpsPort,
        servername: TEST_HOSTNAME,
        ca: nginx.authority,
        ...nginx.cloudflare,
      });
      for (const [from, to] of [[client, origin] as const, [origin, client] as const]) {
        from.pipe(to).on("error", () => from.destroy());
        from.on("error", () => to.destroy()).on("close", () => to.destroy());
      }
    });
  }

  static async before(nginx: RealNginx): Promise<EdgeStandIn> {
    const edge = new EdgeStandIn(nginx);
    edge.server.listen(0, "127.0.0.1");
    await once(edge.server, "listening");
    return edge;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Where it listens. Requests name the gateway's own host. */
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  stop(): void {
    this.server.close();
  }
}
