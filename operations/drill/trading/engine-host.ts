import { createServer, type Socket } from "node:net";
import { JsonLineSocket } from "@hft/engine";
import type { HostOptions } from "./host-options";
import { HostedEngine } from "./hosted-engine";
import type { EngineAnswer, Request } from "./messages";

/** An engine process of the rehearsal: `engine-host.ts <options as JSON>`. Prints "ready" when it takes connections. */
async function host(options: HostOptions): Promise<void> {
  const engine = await HostedEngine.open(options);
  createServer((socket) => serve(socket, engine)).listen(options.port, "127.0.0.1", () => console.log("ready"));
  // Whoever started it is gone.
  process.stdin.resume().once("end", () => process.exit(0));
  process.once("SIGTERM", () => {
    engine.close().then(() => process.exit(0));
  });
}

function serve(socket: Socket, engine: HostedEngine): void {
  const client = new JsonLineSocket<EngineAnswer, Request>(socket, (request) => {
    const say = (told: EngineAnswer) => client.send(told);
    if ("order" in request) engine.place(request.order, say);
    else answer(request, engine).then(say, (error: Error) => say({ failed: error.message }));
  });
}

async function answer(request: Exclude<Request, { order: unknown }>, engine: HostedEngine): Promise<EngineAnswer> {
  if ("ask" in request) {
    return request.ask === "status" ? { status: engine.status() } : { holdings: await engine.holdings() };
  }
  if (request.tell === "continue-alone") await engine.continueAlone();
  else await engine.promote(request.tell === "promote" ? "planned" : "peer-lost");
  return { done: true };
}

host(JSON.parse(process.argv[2] ?? "{}") as HostOptions).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
