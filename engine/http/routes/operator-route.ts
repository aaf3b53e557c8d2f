import type { FastifySchema } from "fastify";
import { type TSchema, Type } from "typebox";
import { BEARER, problemResponses } from "../openapi";

const REFUSALS = problemResponses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 504);
export const Done = Type.Object({ done: Type.Literal(true) });

/**
 * What every route of an operator has: the scope, a record in the audit as `admin.<action>`, and the ways it refuses.
 *
 * @param answer schema of what is answered when it is done
 * @param asked schemas of what is given, and whatever else the document says of it
 */
export const operatorRoute = (
  action: string,
  summary: string,
  answer: TSchema | object,
  asked: FastifySchema = {},
) => ({
  config: { scope: "admin", action: `admin.${action}` } as const,
  schema: { tags: ["admin"], summary, security: BEARER, ...asked, response: { 200: answer, ...REFUSALS } },
});
