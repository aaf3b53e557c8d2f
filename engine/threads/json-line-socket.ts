import type { Socket } from "node:net";
import { createInterface } from "node:readline";

/**
 * JSON documents over a connection, one a line, both ways: how engine processes are spoken with by drills and crash
 * tests. Either end may be killed at any moment, so half a line is left out and an error does no more than end the
 * connection.
 */
export class JsonLineSocket<Sent, Received> {
  constructor(
    private readonly socket: Socket,
    onMessage: (message: Received) => void,
  ) {
    socket.setNoDelay(true);
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket })
      // It hands on the socket's errors: a killed process resets its connections.
      .on("error", () => socket.destroy())
      .on("line", (line) => {
        const message = parsed<Received>(line);
        if (message !== undefined) onMessage(message);
      });
  }

  /** Dropped when the connection has ended. */
  send(message: Sent): void {
    if (!this.socket.destroyed) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.socket.destroy();
  }
}

function parsed<Message>(line: string): Message | undefined {
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
