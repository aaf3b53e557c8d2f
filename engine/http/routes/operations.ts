import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { Problem } from "../../problems/problem";
import type { DependencyName, DependencyState } from "../../telemetry/dependency";
import type { ApiContext } from "../context";
import { LIVENESS } from "../guard";
import { isLoopbackHost, isLoopbackOrigin } from "../loopback";
import { problemResponses } from "../openapi";

const State = Type.Object({
  status: Type.String({ description: "up, down, starting, embedded or off" }),
  lagSeconds: Type.Number({ description: "Age of the oldest event that it has not received yet" }),
  error: Type.Optional(Type.String()),
});
const Health = Type.Object({
  status: Type.String({ description: "ok, degraded (trading goes on without a dependency) or down" }),
  role: Type.String(),
  epoch: Type.Integer(),
  replication: Type.String({ description: "alone, waiting, attached, following or searching" }),
  dependencies: Type.Object({ journal: State, database: State, cache: State, kafka: State }),
});
const Ready = Type.Object({ ready: Type.Boolean(), role: Type.String(), draining: Type.Boolean() });
/** Roles of an engine that works; a fenced or failed one has to be restarted. */
const WORKING: ReadonlySet<string> = new Set(["active", "standby"]);
/** Durability this late means that the journal's disk hangs. */
const JOURNAL_LAG_MAX_SECONDS = 5;

/** What orchestrators, monitoring and the local screen ask. */
export function operationRoutes(app: FastifyInstance, context: ApiContext): void {
  const { core, metrics } = context;
  const tags = ["operations"];
  const dependencies = (): Record<DependencyName | "journal", DependencyState> => {
    const { database, cache, kafka } = context.dependencies();
    const journal = journalState(context.durableLagSeconds());
    return { journal: rounded(journal), database: rounded(database), cache: rounded(cache), kafka: rounded(kafka) };
  };

  app.get(
    "/health",
    {
      schema: {
        tags,
        summary: "Health of the engine and of its dependencies; 503 if one is down",
        response: { 200: Health, 503: Health },
      },
    },
    async (_request, reply) => {
      const states = dependencies();
      const down = Object.values(states).some(({ status }) => status === "down");
      const dead = states.journal.status === "down" || !WORKING.has(core.role);
      return reply.code(down || dead ? 503 : 200).send({
        status: dead ? "down" : down ? "degraded" : "ok",
        role: core.role,
        epoch: core.epoch,
        replication: core.status.replication.state,
        dependencies: states,
      });
    },
  );

  app.get(
    "/ready",
    { schema: { tags, summary: "Whether this engine should receive requests", response: { 200: Ready, 503: Ready } } },
    async (_request, reply) => {
      const draining = context.draining();
      const ready = !draining && WORKING.has(core.role);
      return reply.code(ready ? 200 : 503).send({ ready, role: core.role, draining });
    },
  );

  app.get(
    LIVENESS,
    {
      schema: {
        tags,
        summary: "Whether the process is alive",
        response: { 200: Type.Object({ alive: Type.Literal(true) }) },
      },
    },
    async () => ({ alive: true as const }),
  );

  app.get(
    "/metrics",
    {
      schema: {
        tags,
        summary: "Metrics in the Prometheus text format",
        produces: ["text/plain"],
        response: { 200: Type.String() },
      },
    },
    async (_request, reply) => reply.type("text/plain; version=0.0.4; charset=utf-8").send(metrics.render()),
  );

  const { developmentToken } = context;
  if (developmentToken) {
    app.post(
      "/api/development/token",
      {
        schema: {
          tags,
          summary: "A token for the local screen; only in development",
          response: { 200: Type.Object({ token: Type.String() }), ...problemResponses(403, 404) },
        },
      },
      async ({ headers }) => {
        if (!isLoopbackHost(headers.host) || !isLoopbackOrigin(headers.origin)) {
          throw new Problem(
            "ORIGIN_REFUSED",
            "development tokens are for pages of localhost; open the screen under that name",
          );
        }
        return { token: await developmentToken() };
      },
    );
  }
}

const journalState = (lagSeconds: number): DependencyState =>
  lagSeconds > JOURNAL_LAG_MAX_SECONDS
    ? { status: "down", lagSeconds, error: "events do not become durable" }
    : { status: "up", lagSeconds };

/** To milliseconds: more would only be noise. */
const rounded = (state: DependencyState): DependencyState => ({
  ...state,
  lagSeconds: Math.round(state.lagSeconds * 1000) / 1000,
});
