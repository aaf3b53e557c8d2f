import type { FastifyInstance } from "fastify";
import { bearerOf } from "../../access/request-headers";
import { Problem } from "../../problems/problem";
import type { ApiContext } from "../context";

/**
 * What a gateway asks in front of the engine: whether a bearer token is good, 204 or 401. Outside of /api/ and of its
 * document: clients have no use for it, and it costs none of their calls.
 */
export function tokenRoutes(app: FastifyInstance, { access }: ApiContext): void {
  app.get("/token", { schema: { hide: true } }, async (request, reply) => {
    const token = bearerOf(request.headers.authorization);
    if (token === undefined) throw new Problem("UNAUTHORIZED");
    if (!access.recall(token)) await access.identify(token, request.ip);
    return reply.code(204).send();
  });
}
