import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { requireAccount } from "../../access/identity";
import { presentPosition } from "../../presentation/presentation";
import { HistoryQuery } from "../../presentation/schemas";
import type { ApiContext } from "../context";
import { BEARER, problemResponses } from "../openapi";

const REFUSALS = problemResponses(400, 401, 403, 404, 429, 503);

/** What an account owns and has earned. */
export function accountRoutes(app: FastifyInstance, { views, instruments, history }: ApiContext): void {
  const tags = ["account"];

  app.get(
    "/api/positions",
    {
      config: { scope: "read", showsState: true },
      schema: {
        tags,
        summary: "Positions of the account",
        security: BEARER,
        response: { 200: Type.Array(Type.Unsafe({ $ref: "Position#" })), ...REFUSALS },
      },
    },
    async (request) =>
      [...views.positionsOf(requireAccount(request.identity!))].map((position) =>
        presentPosition(position, views.trades[position.symbol]?.latest(1)[0]?.price, instruments.at(position.symbol)),
      ),
  );

  app.get<{ Querystring: Static<typeof HistoryQuery> }>(
    "/api/trades",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Trades of the account, newest first",
        security: BEARER,
        querystring: HistoryQuery,
        response: { 200: Type.Array(Type.Unsafe({ $ref: "OwnTrade#" })), ...REFUSALS },
      },
    },
    (request) => history.trades(requireAccount(request.identity!), request.query),
  );

  app.get(
    "/api/analytics",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Realised profit, trades, winners and losers of the account",
        security: BEARER,
        response: { 200: { $ref: "Analytics#" }, ...REFUSALS },
      },
    },
    (request) => history.profits(requireAccount(request.identity!)),
  );

  app.get(
    "/api/analytics/daily-pnl",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "The same by day, for the last 30 days",
        security: BEARER,
        response: { 200: { $ref: "DailyProfit#" }, ...REFUSALS },
      },
    },
    (request) => history.dailyProfits(requireAccount(request.identity!)),
  );
}
