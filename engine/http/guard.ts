import type { FastifyInstance, FastifyReply, onRequestHookHandler, onSendHookHandler } from "fastify";
import type { Access } from "../access/access";
import { RATE_WINDOW_SECONDS, type RateVerdict } from "../access/client-rate";
import { type Identity, requireScope, type Scope } from "../access/identity";
import { bearerOf, isForTheActive, originAllowed } from "../access/request-headers";
import { Problem } from "../problems/problem";
import { monotonicMs } from "../shared-memory/monotonic-clock";
import { auditDetailOf } from "./audit-detail";
import type { ApiContext } from "./context";
import { RequestMetrics } from "./request-metrics";

const RATE_POLICY = "requests";
export const LIVENESS = "/live";

/**
 * When a request began and what it is called. Before all other hooks: whatever answers it, it is counted and has an id.
 */
export function installArrival(app: FastifyInstance): void {
  app.decorateRequest("startedMs", 0);
  app.addHook("onRequest", (request, reply, done) => {
    request.startedMs = monotonicMs();
    reply.header("x-request-id", request.id);
    done();
  });
}

/**
 * Gives each route what a request passes before its handler (drain, origin, rate of the client, token, scope) and what
 * is written down of its answer. At the route, so that nothing about it has to be looked up with each request.
 */
export function installGuard(app: FastifyInstance, context: ApiContext): void {
  app.decorateRequest("identity", undefined);
  app.decorateRequest("auditOrderId", undefined);
  app.decorateRequest("auditDetail", undefined);
  app.decorateRequest("auditReason", undefined);
  app.decorateRequest("auditCommand", undefined);
  app.addHook("onRoute", (route) => {
    const { scope, action, showsState = false } = route.config ?? {};
    route.onRequest = [guard(context, scope, route.url, showsState), route.onRequest ?? []].flat();
    route.onSend = [route.onSend ?? [], record(context, String(route.method), route.url, action)].flat();
  });
}

/**
 * Identities of known tokens need no waiting; the hook is written with a callback because a promise for each request
 * costs more than the checks.
 */
function guard(context: ApiContext, scope: Scope | undefined, url: string, showsState: boolean): onRequestHookHandler {
  const { access, configuration, core } = context;
  const drained = url.startsWith("/api/");
  // Of an engine that does not know its orders yet, only that its process works can be said.
  const recovered = url !== LIVENESS;
  const { allowedOrigins } = configuration.http;
  return (request, reply, done) => {
    if (recovered && context.recovering()) return done(new Problem("RECOVERING"));
    if (drained && context.draining()) return done(new Problem("DRAINING"));
    if (isForTheActive(request.headers, core.role)) return done(new Problem("NOT_ACTIVE"));
    if (showsState && !core.restoredIsDurable) return done(new Problem("UNCONFIRMED", UNCONFIRMED_HELP));
    const { origin, host, authorization } = request.headers;
    if (!originAllowed(origin, host, allowedOrigins)) return done(new Problem("ORIGIN_REFUSED"));
    if (scope === undefined) return done();
    const token = bearerOf(authorization);
    const known = token === undefined ? undefined : access.recall(token, request.raw.socket);
    const admit = (identity: Identity) => {
      countRequest(access, identity.subject, reply);
      request.identity = identity;
      requireScope(identity, scope);
    };
    if (known) return finish(() => admit(known), done);
    if (token === undefined) {
      if (attempt(() => countRequest(access, `ip:${request.ip}`, reply), done)) done(new Problem("UNAUTHORIZED"));
      return;
    }
    const told = (verdict: RateVerdict) => tellRate(access, verdict, reply);
    access.identify(token, request.ip, told).then((identity) => finish(() => admit(identity), done), done);
  };
}

const UNCONFIRMED_HELP =
  "this engine was restarted and its standby has not attached since; try again, or declare the standby lost " +
  "(/api/admin/continue-alone)";

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

function countRequest(access: Access, client: string, reply: FastifyReply): void {
  const verdict = access.rate.take(client);
  tellRate(access, verdict, reply);
  if (verdict.allowed) return;
  throw new Problem("RATE_LIMITED", `${access.rate.limit} requests per minute; try again in ${verdict.resetSeconds} s`);
}

/** Tells how much is left in one field, as in https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ */
function tellRate({ rate }: Access, { allowed, remaining, resetSeconds }: RateVerdict, reply: FastifyReply): void {
  reply.header("ratelimit", `"${RATE_POLICY}";r=${remaining};t=${resetSeconds}`);
  if (allowed) return;
  reply.header("ratelimit-policy", `"${RATE_POLICY}";q=${rate.limit};w=${RATE_WINDOW_SECONDS}`);
  reply.header("retry-after", resetSeconds);
}

/**
 * When the answer is known: counts the request, and records every action with its outcome, refused ones included. Not
 * when it has been sent, because a client that is gone by then has acted nevertheless.
 */
function record(
  { audit, metrics }: ApiContext,
  method: string,
  url: string,
  action: string | undefined,
): onSendHookHandler {
  const requests = new RequestMetrics(metrics, method, url);
  return (request, reply, _payload, done) => {
    requests.count(reply.statusCode, monotonicMs() - request.startedMs);
    if (!action) return done();
    const outcome = reply.statusCode < 400 ? "done" : (request.auditReason ?? String(reply.statusCode));
    // 400 says that the body is no JSON or fits no schema.
    const detail = auditDetailOf(request, reply.statusCode !== 400);
    const { ip: address, auditCommand: command } = request;
    // The answer leaves when the record can no longer be lost with this process.
    audit.record(request.identity, action, outcome, request.id, { address, command, detail }, done);
  };
}
