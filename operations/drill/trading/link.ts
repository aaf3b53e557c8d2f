import { connect, createServer, type Server, type Socket } from "node:net";
import type { Address } from "./engine-session";

/** What passes in one go while a line is throttled. */
const SLICE_MS = 10;

/**
 * The line between two engines, as a proxy on this machine: it can be throttled, and cut. A cut line carries nothing
 * and tells nobody; what was under way is lost.
 */
export class Link {
  private readonly sockets = new Set<Socket>();
  private bytesPerSecond = Number.POSITIVE_INFINITY;
  private whole = true;

  private constructor(
    private readonly server: Server,
    readonly address: Address,
  ) {}

  static to(target: Address): Promise<Link> {
    return new Promise((resolve, reject) => {
      let link: Link;
      const server = createServer((near) => link.join(near, target));
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as { port: number };
        link = new Link(server, { host: "127.0.0.1", port });
        resolve(link);
      });
    });
  }

  /** Lets no more than this through, each way and connection, until `mend`. */
  throttle(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Nothing gets through, until `mend`. */
  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  mend(): void {
    this.whole = true;
    this.bytesPerSecond = Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, target: Address): void {
    if (!this.whole) {
      near.destroy();
      return;
    }
    const far = connect({ ...target, noDelay: true });
    near.setNoDelay(true);
    this.carry(near, far);
    this.carry(far, near);
  }

  private carry(from: Socket, to: Socket): void {
    this.sockets.add(from);
    let carried = Promise.resolve();
    from.on("data", (bytes: Buffer) => {
      from.pause();
      carried = this.pass(bytes, to).then(() => void from.resume());
    });
    // What was sent before the end arrives before the end.
    from.on("end", () => carried.then(() => to.end()));
    from.on("error", () => from.destroy());
    from.on("close", () => {
      this.sockets.delete(from);
      carried.then(() => to.destroy());
    });
  }

  /** Passes the bytes in slices, each after the time that it takes on the line. */
  private async pass(bytes: Buffer, to: Socket): Promise<void> {
    for (let at = 0; at < bytes.length && !to.destroyed; ) {
      const rate = this.bytesPerSecond;
      const slice =
        rate === Number.POSITIVE_INFINITY ? bytes.length : Math.max(1, Math.floor((rate * SLICE_MS) / 1_000));
      const part = bytes.subarray(at, at + slice);
      at += part.length;
      if (rate < Number.POSITIVE_INFINITY)
        await new Promise((resolve) => setTimeout(resolve, (part.length * 1_000) / rate));
      const room = to.destroyed || to.write(part);
      if (!room) await new Promise<void>((resolve) => to.once("drain", resolve).once("close", resolve));
    }
  }
}
