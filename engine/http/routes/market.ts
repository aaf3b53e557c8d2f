import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { presentBook, presentTrade } from "../../presentation/presentation";
import { CountQuery, DepthQuery, SymbolParams } from "../../presentation/schemas";
import type { ApiContext } from "../context";
import { BEARER, problemResponses } from "../openapi";

const REFUSALS = problemResponses(400, 401, 403, 404, 429, 503);

/** What everybody with a token may see of the market. */
export function marketRoutes(app: FastifyInstance, { core, views, instruments }: ApiContext): void {
  const tags = ["market"];

  app.get(
    "/api/symbols",
    {
      config: { scope: "read" },
      schema: {
        tags,
        summary: "Symbols that are traded here",
        security: BEARER,
        response: { 200: Type.Array(Type.Unsafe({ $ref: "Symbol#" })), ...REFUSALS },
      },
    },
    async () =>
      instruments.all.map(({ index, name, tick, lot, configuration }) => {
        const last = core.restoredIsDurable ? views.trades[index]?.latest(1)[0] : undefined;
        return {
          symbol: name,
          tickSize: tick.size,
          lotSize: lot.size,
          maxOrderQuantity: lot.decimal(configuration.maxOrderLots),
          priceCollarBps: configuration.priceCollarBps,
          ...(last ? { lastPrice: tick.decimal(last.price) } : {}),
        };
      }),
  );

  app.get<{ Params: Static<typeof SymbolParams>; Querystring: Static<typeof DepthQuery> }>(
    "/api/books/:symbol",
    {
      config: { scope: "read", showsState: true },
      schema: {
        tags,
        summary: "Book by price level; increments come over /ws",
        security: BEARER,
        params: SymbolParams,
        querystring: DepthQuery,
        response: { 200: { $ref: "Book#" }, ...REFUSALS },
      },
    },
    async (request) => {
      const instrument = instruments.named(request.params.symbol);
      return presentBook(views.books[instrument.index]!.levels(request.query.depth), views.sequence, instrument);
    },
  );

  app.get<{ Params: Static<typeof SymbolParams>; Querystring: Static<typeof CountQuery> }>(
    "/api/books/:symbol/trades",
    {
      config: { scope: "read", showsState: true },
      schema: {
        tags,
        summary: "Newest public trades",
        security: BEARER,
        params: SymbolParams,
        querystring: CountQuery,
        response: { 200: Type.Array(Type.Unsafe({ $ref: "Trade#" })), ...REFUSALS },
      },
    },
    async (request) => {
      const instrument = instruments.named(request.params.symbol);
      return views.trades[instrument.index]!.latest(request.query.count).map((trade) =>
        presentTrade(trade, instrument),
      );
    },
  );
}
