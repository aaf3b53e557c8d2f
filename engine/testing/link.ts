import { connect, createServer, type Server, type Socket } from "node:net";

/** For tests: a connection between two engines that can be cut, as a network is. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private whole = true;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static to(target: number): Promise<Link> {
    return new Promise((resolve) => {
      const server = createServer((near) => link.join(near, target));
      let link: Link;
      server.listen(0, "127.0.0.1", () => {
        link = new Link(server, (server.address() as { port: number }).port);
        resolve(link);
      });
    });
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Nothing gets through any more, and nobody is told. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  restore(): void {
    this.whole = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, target: number): void {
    if (!this.whole) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: target });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.sockets.delete(from);
        to.destroy();
      });
    }
  }
}
