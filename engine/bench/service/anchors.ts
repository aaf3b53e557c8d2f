import fastify from "fastify";
import { WebSocketServer } from "ws";
import { validateStrictly } from "../../http/http-server";
import { NewOrderBody, Order } from "../../presentation/schemas";

/** What a new order is answered with, so that both servers serialize and send the same. */
const ANSWER: Order = {
  orderId: 123_456,
  clientOrderId: "4611686018427387904",
  symbol: "BTCUSD",
  side: "buy",
  type: "limit",
  timeInForce: "gtc",
  price: "65000.00",
  quantity: "0.0100",
  filledQuantity: "0.0000",
  remainingQuantity: "0.0100",
  status: "open",
  acceptedAt: "2026-01-01T00:00:00.000Z",
  changedAt: "2026-01-01T00:00:00.000Z",
  sequence: 123_456,
};

/**
 * What the engine's figures are held against: the same libraries doing nothing. `/bare` takes any JSON and answers a
 * word; `/orders` has the schemas of a new order, as a route without an engine behind it would. A process of its own.
 */
async function main(): Promise<void> {
  const app = fastify({ logger: false });
  validateStrictly(app);
  app.addSchema(Order);
  app.post("/bare", async () => ({ taken: true }));
  app.post(
    "/orders",
    { schema: { body: NewOrderBody, response: { 201: { $ref: "Order#" } } } },
    async (_request, reply) => reply.code(201).send(ANSWER),
  );
  await app.listen({ host: "127.0.0.1", port: 0 });
  const echo = new WebSocketServer({ server: app.server, perMessageDeflate: false });
  echo.on("connection", (socket) => socket.on("message", (data) => socket.send(data)));
  // Whoever measures is gone.
  process.once("disconnect", () => process.exit(1));
  process.send?.({ url: app.listeningOrigin });
}

void main();
