import fastify from "fastify";
import { WebSocketServer } from "ws";

/** What the engine's figures are held against: the same libraries doing nothing. Started as a process of its own. */
async function main(): Promise<void> {
  const app = fastify({ logger: false });
  app.post("/empty", async () => ({ taken: true }));
  await app.listen({ host: "127.0.0.1", port: 0 });
  const echo = new WebSocketServer({ server: app.server, perMessageDeflate: false });
  echo.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  process.send?.({ url: app.listeningOrigin });
}

void main();
