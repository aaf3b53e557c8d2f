import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { refuseRejected } from "../../entry/order-entry";
import { decimal, SymbolParams } from "../../presentation/schemas";
import { Problem } from "../../problems/problem";
import { KillScope } from "../../protocol";
import { type AloneDecision, NotAlone } from "../../replication/not-alone";
import { type PromotionDecision, PromotionRefused } from "../../replication/promotion-check";
import type { ApiContext } from "../context";
import { Done, operatorRoute } from "./operator-route";

const Account = Type.Integer({ minimum: 1, maximum: 65_535 });

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
  { price: decimal("Reference price of the price collar") },
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
        "planned: refused unless this standby has every acknowledged command. " +
        "peer-lost: the other engine cannot be asked; commands that it acknowledged alone stay on its disk",
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
        "standby-away: refused if the standby was told that this engine has shut down, because it may be promoted on that " +
        "basis. standby-lost: the standby is permanently lost and will not be promoted",
    }),
  },
  { additionalProperties: false },
);
const AccountParams = Type.Object({ account: Account });

/** Operating the engine. Commands go through the journal like orders: a restart keeps them. */
export function adminRoutes(app: FastifyInstance, context: ApiContext): void {
  const { tickets, instruments, core } = context;

  app.post<{ Body: Static<typeof KillSwitchBody> }>(
    "/api/admin/kill-switch",
    operatorRoute(
      "kill-switch",
      "Stop or resume trading for all accounts, for one account, or for one symbol",
      Type.Object({ on: Type.Boolean(), cancelled: Type.Integer() }),
      { body: KillSwitchBody },
    ),
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
    operatorRoute("reference-price", "Set the reference price of the price collar", Done, {
      params: SymbolParams,
      body: ReferencePriceBody,
    }),
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
    operatorRoute("account-limits", "Set an account's own limits", Done, {
      params: AccountParams,
      body: AccountLimitsBody,
    }),
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

  app.post("/api/admin/snapshot", operatorRoute("snapshot", "Write a snapshot now", Done), async () => {
    await core.snapshot();
    return { done: true as const };
  });

  app.post<{ Querystring: Static<typeof PromoteQuery> }>(
    "/api/admin/promote",
    operatorRoute("promote", "Make this standby the active engine; the other one is fenced", Done, {
      querystring: PromoteQuery,
    }),
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
    operatorRoute(
      "continue-alone",
      "Continue without the standby: acknowledge what is durable here until a standby attaches again",
      Done,
      { querystring: AloneQuery },
    ),
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
}
