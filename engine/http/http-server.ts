import cors from "@fastify/cors";
import Ajv from "ajv";
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { isTechnicalRefusal, Problem, type ProblemCode, TECHNICAL_REFUSALS } from "../problems/problem";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import type { ApiContext } from "./context";
import { installArrival, installGuard } from "./guard";
import { serveDocumentation } from "./openapi";
import { RequestMetrics } from "./request-metrics";
import { accountRoutes } from "./routes/account";
import { adminRoutes } from "./routes/admin";
import { debugRoutes } from "./routes/debug";
import { marketRoutes } from "./routes/market";
import { operationRoutes } from "./routes/operations";
import { orderRoutes } from "./routes/orders";
import { setAsideRoutes } from "./routes/set-aside";
import { setAsideEntryRoute } from "./routes/set-aside-entry";
import { tokenRoutes } from "./routes/tokens";
import { serveScreen } from "./screen";

/** What every listener of the API grants a client. */
export const HTTP_LIMITS = {
  /** A client that has not sent its headers or its whole request by then is cut off. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  /** Longer than the proxies in front keep idle connections (60 s), so that the engine never closes one in use. */
  keepAliveTimeout: 75_000,
  maxHeaderSize: 16_384,
} as const;
const REQUEST_ID = /^[\w-]{8,64}$/;

/** The HTTP side of the engine, ready to listen. */
export async function createHttpServer(context: ApiContext): Promise<FastifyInstance> {
  const { http } = context.configuration;
  // Present from the start: a rate over a series that begins at its first failure would miss that one.
  for (const component of Object.values(TECHNICAL_REFUSALS)) context.metrics.counter("errors", component);
  const app = fastify({
    logger: false,
    bodyLimit: http.bodyLimitBytes,
    requestTimeout: HTTP_LIMITS.requestTimeout,
    keepAliveTimeout: HTTP_LIMITS.keepAliveTimeout,
    http: { headersTimeout: HTTP_LIMITS.headersTimeout, maxHeaderSize: HTTP_LIMITS.maxHeaderSize },
    trustProxy: http.trustedProxies.length > 0 ? [...http.trustedProxies] : false,
    genReqId: (request) => requestId(request.headers["x-request-id"]),
    frameworkErrors: (error, request, reply) => answerProblem(context, error, request, reply),
    return503OnClosing: false,
  });
  validateStrictly(app);
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => answerProblem(context, error, request, reply));
  installArrival(app);
  installGuard(app, context);
  serveNothing(app, context);
  if (http.allowedOrigins.length > 0) {
    await app.register(cors, { origin: [...http.allowedOrigins], methods: ["GET", "POST", "PATCH", "PUT", "DELETE"] });
  }
  await serveDocumentation(app);
  await app.register(async (scope) => {
    orderRoutes(scope, context);
    accountRoutes(scope, context);
    marketRoutes(scope, context);
    adminRoutes(scope, context);
    debugRoutes(scope, context);
    setAsideRoutes(scope, context);
    await scope.register((own) => setAsideEntryRoute(own, context));
    operationRoutes(scope, context);
    tokenRoutes(scope, context);
  });
  await serveScreen(app, context);
  await app.ready();
  return app;
}

/** What fits no route: one line for each method in the metrics, because strangers must not be able to make more. */
function serveNothing(app: FastifyInstance, context: ApiContext): void {
  const { metrics } = context;
  const byMethod = new Map<string, RequestMetrics>();
  app.setNotFoundHandler((request) => {
    // A WebSocket, too, that knocks before its server listens.
    if (context.recovering()) throw new Problem("RECOVERING");
    const requests = byMethod.get(request.method) ?? new RequestMetrics(metrics, request.method, "unmatched");
    byMethod.set(request.method, requests);
    requests.count(404, monotonicMs() - request.startedMs);
    throw new Problem("NOT_FOUND");
  });
}

const ID_PREFIX = `${process.pid.toString(36)}-${Date.now().toString(36)}-`;
let lastRequest = 0;
/** A request id from the proxy in front is kept, so that one request has one id in every log. */
function requestId(given: string | string[] | undefined): string {
  if (typeof given === "string" && REQUEST_ID.test(given)) return given;
  lastRequest += 1;
  return ID_PREFIX + lastRequest.toString(36);
}

/** Bodies are taken as they are, nothing is converted or dropped; only addresses (text by nature) become numbers. */
export function validateStrictly(app: FastifyInstance): void {
  const options = { allErrors: false, useDefaults: true, removeAdditional: false, strict: false } as const;
  const exact = new Ajv(options);
  const converting = new Ajv({ ...options, coerceTypes: true });
  app.setValidatorCompiler(({ schema, httpPart }) => (httpPart === "body" ? exact : converting).compile(schema));
}

const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_VALIDATION: "INVALID_REQUEST",
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_ERR_CTP_EMPTY_JSON_BODY: "MALFORMED_BODY",
  FST_ERR_CTP_INVALID_JSON_BODY: "MALFORMED_BODY",
  FST_ERR_BAD_URL: "NOT_FOUND",
};

function answerProblem(
  context: ApiContext,
  error: FastifyError | Problem,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = asProblem(error);
  if (problem.code === "INTERNAL") {
    context.metrics.counter("errors", "http").value += 1;
    context.log.error(
      { requestId: request.id, route: request.routeOptions?.url, error: error.stack },
      "request failed",
    );
  }
  if (isTechnicalRefusal(problem.code)) {
    context.metrics.counter("errors", TECHNICAL_REFUSALS[problem.code]).value += 1;
  }
  request.auditReason = problem.reason ?? problem.code;
  const body = problem.body(request.id);
  if (problem.code === "UNAUTHORIZED") reply.header("www-authenticate", "Bearer");
  // Serialized here: the body has the same shape on every route, and the schema for errors is for readers.
  reply.code(body.status).header("content-type", "application/problem+json").serializer(JSON.stringify).send(body);
}

function asProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const code = FASTIFY_CODES[error.code];
  if (code) return new Problem(code, error.message);
  const status = error.statusCode ?? 500;
  return status >= 400 && status < 500 ? new Problem("MALFORMED_BODY", error.message) : new Problem("INTERNAL");
}
