import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { HostedEngine, HostOptions } from "./hosted-engine";
import type { Answer, Request } from "./messages";
import { ModelEngine } from "./model-engine";

/** An engine process of the rehearsal: `engine-host.ts <options as JSON>`. Prints "ready" when it takes connections. */
const options = JSON.parse(process.argv[2] ?? "{}") as HostOptions;
const engine: HostedEngine = new ModelEngine(options);

createServer(serve).listen(options.port, "127.0.0.1", () => console.log("ready"));

function serve(socket: Socket): void {
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  const say = (answer: Answer) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(answer)}\n`);
  };
  createInterface({ input: socket }).on("line", (line) => {
    const request = JSON.parse(line) as Request;
    if ("order" in request) engine.place(request.order, say);
    else answer(request).then(say, (error: Error) => say({ failed: error.message }));
  });
}

async function answer(request: Exclude<Request, { order: unknown }>): Promise<Answer> {
  if ("ask" in request) {
    return request.ask === "status" ? { status: engine.status() } : { holdings: await engine.holdings() };
  }
  await engine.promote();
  return { done: true };
}

process.once("SIGTERM", () => void engine.drain());
