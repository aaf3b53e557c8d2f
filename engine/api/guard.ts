import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { ApiContext } from "./context";
import { type Identity, requireScope } from "./identity";
import { Problem } from "./problem";
import { RequestMetrics } from "./request-metrics";

const TOKEN_MAX_BYTES = 8_192;

/** Bearer token of a request, or undefined. */
export function bearerOf(header: string | undefined): string | undefined {
  if (!header?.startsWith("Bearer ") || header.length > TOKEN_MAX_BYTES) return undefined;
  return header.slice("Bearer ".length);
}

/** Browsers say where a page came from; other clients do not. A page of the engine's own host is always welcome. */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * What a request passes before its handler: drain, origin, rate of the client, token, scope. Identities of known tokens need
 * no waiting; the hook is written with a callback because a promise for each request costs more than the checks.
 */
export function installGuard(app: FastifyInstance, context: ApiContext): void {
  const { verifier, rate, configuration } = context;
  app.decorateRequest("startedMs", 0);
  app.decorateRequest("identity", undefined);
  app.decorateRequest("auditDetail", undefined);
  app.decorateRequest("auditReason", undefined);

  app.addHook("onRequest", (request, reply, done) => {
    request.startedMs = performance.now();
    reply.header("x-request-id", request.id);
    if (context.draining() && request.url.startsWith("/api/")) return done(new Problem("DRAINING"));
    if (!originAllowed(request.headers.origin, request.headers.host, configuration.http.allowedOrigins)) {
      return done(new Problem("ORIGIN_REFUSED"));
    }
    const { scope } = request.routeOptions.config;
    if (scope === undefined) return done();
    const token = bearerOf(request.headers.authorization);
    const known = token === undefined ? undefined : verifier.recall(token);
    const admit = (identity: Identity) => {
      countRequest(rate, identity.subject, reply);
      request.identity = identity;
      requireScope(identity, scope);
    };
    if (known) return finish(() => admit(known), done);
    // A stranger is counted by address before any signature is checked: guessing tokens is limited too.
    if (!attempt(() => countRequest(rate, `ip:${request.ip}`, reply), done)) return;
    if (token === undefined) return done(new Problem("UNAUTHORIZED"));
    verifier.verify(token).then((identity) => finish(() => admit(identity), done), done);
  });
}

type Done = (error?: Error) => void;

function finish(action: () => void, done: Done): void {
  if (attempt(action, done)) done();
}

function attempt(action: () => void, done: Done): boolean {
  try {
    action();
    return true;
  } catch (error) {
    done(error as Error);
    return false;
  }
}

function countRequest(rate: ApiContext["rate"], client: string, reply: FastifyReply): void {
  const verdict = rate.take(client);
  reply.header("ratelimit-limit", rate.limit);
  reply.header("ratelimit-remaining", verdict.remaining);
  reply.header("ratelimit-reset", verdict.resetSeconds);
  if (verdict.allowed) return;
  reply.header("retry-after", verdict.resetSeconds);
  throw new Problem("RATE_LIMITED", `${rate.limit} requests a minute; try again in ${verdict.resetSeconds} s`);
}

/**
 * When the answer is known: counts the request, and records every action with its outcome, refused ones included. Not
 * when it has been sent, because a client that is gone by then has acted nevertheless.
 */
export function installRecords(app: FastifyInstance, { audit, metrics }: ApiContext): void {
  const requests = new RequestMetrics(metrics);
  app.addHook("onSend", (request: FastifyRequest, reply: FastifyReply, _payload, done) => {
    const { config } = request.routeOptions;
    requests.of(request.method, config.url).count(reply.statusCode, performance.now() - request.startedMs);
    const { action } = config;
    if (action) {
      const outcome = reply.statusCode < 400 ? "done" : (request.auditReason ?? String(reply.statusCode));
      audit.record(request.identity, action, outcome, request.id, request.auditDetail);
    }
    done();
  });
}
