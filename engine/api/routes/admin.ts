import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { KillScope } from "../../protocol";
import { type AloneDecision, NotAlone } from "../../replication/not-alone";
import { type PromotionDecision, PromotionRefused } from "../../replication/promotion-check";
import type { ApiContext } from "../context";
import { isoTime } from "../iso-time";
import { BEARER, problemResponses } from "../openapi";
import { refuseRejected } from "../order-entry";
import { clientOrderIdText, sideName } from "../presentation";
import { Problem } from "../problem";
import { decimal, SymbolParams } from "../schemas";

const REFUSALS = problemResponses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 504);
const Account = Type.Integer({ minimum: 1, maximum: 65_535 });
const Done = Type.Object({ done: Type.Literal(true) });

const KillSwitchBody = Type.Object(
  {
    on: Type.Boolean(),
    account: Type.Optional(Account),
    symbol: Type.Optional(SymbolParams.properties.symbol),
    cancelOpenOrders: Type.Boolean({ default: false }),
  },
  { additionalProperties: false, examples: [{ on: true, cancelOpenOrders: true }] },
);
const ReferencePriceBody = Type.Object(
  { price: decimal("Price that the collar starts from") },
  { additionalProperties: false, examples: [{ price: "65000.00" }] },
);
const AccountLimitsBody = Type.Object(
  {
    maxPositionLots: Type.Integer({ minimum: 0, maximum: 2 ** 27 - 1, description: "0: the engine's default" }),
    ordersPerSecond: Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1, description: "0: the engine's default" }),
  },
  { additionalProperties: false },
);
const PromoteQuery = Type.Object(
  {
    decision: Type.Unsafe<PromotionDecision>({
      type: "string",
      enum: ["planned", "peer-lost"],
      default: "planned",
      description:
        "planned: refused unless this standby has everything that was acknowledged. " +
        "peer-lost: the other engine cannot be asked; what it acknowledged alone stays on its disk",
    }),
  },
  { additionalProperties: false },
);
const AloneQuery = Type.Object(
  {
    decision: Type.Unsafe<AloneDecision>({
      type: "string",
      enum: ["standby-away", "standby-lost"],
      default: "standby-away",
      description:
        "standby-away: refused when the standby was told that this engine has ended, because it may be promoted on that " +
        "word. standby-lost: it is gone for good and will not be",
    }),
  },
  { additionalProperties: false },
);
const AccountParams = Type.Object({ account: Account });

/** Operating the engine. Commands go through the journal like orders: a restart keeps them. */
export function adminRoutes(app: FastifyInstance, context: ApiContext): void {
  const { tickets, instruments, core } = context;
  const tags = ["admin"];

  app.post<{ Body: Static<typeof KillSwitchBody> }>(
    "/api/admin/kill-switch",
    {
      config: { scope: "admin", action: "admin.kill-switch" },
      schema: {
        tags,
        summary: "Stop or resume trading: of everybody, of an account, or of a symbol",
        security: BEARER,
        body: KillSwitchBody,
        response: { 200: Type.Object({ on: Type.Boolean(), cancelled: Type.Integer() }), ...REFUSALS },
      },
    },
    async (request) => {
      const { on, account, symbol, cancelOpenOrders } = request.body;
      if (account !== undefined && symbol !== undefined) {
        throw new Problem("INVALID_REQUEST", "give account or symbol, not both");
      }
      const scope =
        account !== undefined ? KillScope.Account : symbol !== undefined ? KillScope.Symbol : KillScope.Everything;
      const about = {
        ...(account === undefined ? {} : { account }),
        ...(symbol === undefined ? {} : { symbol: instruments.named(symbol).index }),
      };
      const outcome = await tickets.submit((encoder, index, correlation) =>
        encoder.killSwitch(index, { ...correlation, ...about, scope, on, cancelOpenOrders }),
      );
      request.auditCommand = outcome;
      refuseRejected(outcome);
      return { on, cancelled: outcome.cancelled };
    },
  );

  app.put<{ Params: Static<typeof SymbolParams>; Body: Static<typeof ReferencePriceBody> }>(
    "/api/admin/symbols/:symbol/reference-price",
    {
      config: { scope: "admin", action: "admin.reference-price" },
      schema: {
        tags,
        summary: "Set the price that the collar starts from",
        security: BEARER,
        params: SymbolParams,
        body: ReferencePriceBody,
        response: { 200: Done, ...REFUSALS },
      },
    },
    async (request) => {
      const { index: symbol, tick } = instruments.named(request.params.symbol);
      request.auditDetail = { symbol: request.params.symbol };
      const price = tick.steps(request.body.price);
      if (price === undefined) throw new Problem("INVALID_PRICE", `give a multiple of ${tick.size}`);
      const outcome = await tickets.submit((encoder, index, correlation) =>
        encoder.referencePrice(index, { ...correlation, symbol, price }),
      );
      request.auditCommand = outcome;
      refuseRejected(outcome);
      return { done: true as const };
    },
  );

  app.put<{ Params: Static<typeof AccountParams>; Body: Static<typeof AccountLimitsBody> }>(
    "/api/admin/accounts/:account/limits",
    {
      config: { scope: "admin", action: "admin.account-limits" },
      schema: {
        tags,
        summary: "Set an account's own limits",
        security: BEARER,
        params: AccountParams,
        body: AccountLimitsBody,
        response: { 200: Done, ...REFUSALS },
      },
    },
    async (request) => {
      request.auditDetail = { account: request.params.account };
      const limits = { account: request.params.account, ...request.body };
      const outcome = await tickets.submit((encoder, index, correlation) =>
        encoder.accountLimits(index, { ...correlation, ...limits }),
      );
      request.auditCommand = outcome;
      refuseRejected(outcome);
      return { done: true as const };
    },
  );

  app.post(
    "/api/admin/snapshot",
    {
      config: { scope: "admin", action: "admin.snapshot" },
      schema: { tags, summary: "Write a snapshot now", security: BEARER, response: { 200: Done, ...REFUSALS } },
    },
    async () => {
      await core.snapshot();
      return { done: true as const };
    },
  );

  app.post<{ Querystring: Static<typeof PromoteQuery> }>(
    "/api/admin/promote",
    {
      config: { scope: "admin", action: "admin.promote" },
      schema: {
        tags,
        summary: "Make this standby the active engine; the other one is fenced",
        security: BEARER,
        querystring: PromoteQuery,
        response: { 200: Done, ...REFUSALS },
      },
    },
    async (request) => {
      const { decision } = request.query;
      request.auditDetail = { decision };
      if (core.role !== "standby") throw new Problem("NOT_POSSIBLE_IN_ROLE", `this engine is ${core.role}`);
      await core.promote(decision).catch((error: Error) => {
        throw error instanceof PromotionRefused ? new Problem("STANDBY_INCOMPLETE", error.message) : error;
      });
      return { done: true as const };
    },
  );

  app.post<{ Querystring: Static<typeof AloneQuery> }>(
    "/api/admin/continue-alone",
    {
      config: { scope: "admin", action: "admin.continue-alone" },
      schema: {
        tags,
        summary: "The standby is gone: acknowledge what is durable here, until one attaches again",
        security: BEARER,
        querystring: AloneQuery,
        response: { 200: Done, ...REFUSALS },
      },
    },
    async (request) => {
      const { decision } = request.query;
      request.auditDetail = { decision };
      if (core.role !== "active") throw new Problem("NOT_POSSIBLE_IN_ROLE", `this engine is ${core.role}`);
      await core.continueAlone(decision).catch((error: Error) => {
        throw error instanceof NotAlone ? new Problem("NOT_POSSIBLE_IN_ROLE", error.message) : error;
      });
      return { done: true as const };
    },
  );

  debugRoute(app, context);
}

/** Every open order of a symbol. */
function debugRoute(app: FastifyInstance, { instruments, views }: ApiContext): void {
  const DebugOrder = Type.Object({
    orderId: Type.Integer(),
    account: Type.Integer(),
    clientOrderId: Type.String(),
    side: Type.String(),
    price: Type.String(),
    shown: Type.String(),
    remaining: Type.String(),
    status: Type.String(),
    acceptedAt: Type.Optional(Type.String()),
  });
  app.get<{ Params: Static<typeof SymbolParams> }>(
    "/debug/orderbook/:symbol",
    {
      config: { scope: "admin", action: "admin.debug-orderbook", showsState: true },
      schema: {
        tags: ["admin"],
        summary: "The whole book, order by order",
        security: BEARER,
        params: SymbolParams,
        response: {
          200: Type.Object({ symbol: Type.String(), sequence: Type.Integer(), orders: Type.Array(DebugOrder) }),
          ...REFUSALS,
        },
      },
    },
    async (request) => {
      const { index, name, tick, lot } = instruments.named(request.params.symbol);
      const orders = [...views.orders.open()].filter((order) => order.symbol === index);
      return {
        symbol: name,
        sequence: views.sequence,
        orders: orders
          .sort(
            (a, b) =>
              a.side - b.side || (a.side === 0 ? b.price - a.price : a.price - b.price) || a.orderId - b.orderId,
          )
          .map((order) => ({
            orderId: order.orderId,
            account: order.account,
            clientOrderId: clientOrderIdText(order.clientLow, order.clientHigh),
            side: sideName(order.side),
            price: tick.decimal(order.price),
            shown: lot.decimal(order.visible),
            remaining: lot.decimal(order.remaining),
            status: order.status,
            ...(order.acceptedAtMicroseconds > 0 ? { acceptedAt: isoTime(order.acceptedAtMicroseconds) } : {}),
          })),
      };
    },
  );
}
