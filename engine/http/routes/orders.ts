import type { FastifyInstance, FastifyReply } from "fastify";
import { type Static, Type } from "typebox";
import { requireAccount } from "../../access/identity";
import { type AnswerCallback, type EnteredOrder, refuseRejected } from "../../entry/order-entry";
import type { OrderState } from "../../model/views/order-records";
import { orderJson } from "../../presentation/presentation";
import {
  HistoryQuery,
  IdempotencyHeaders,
  ModifyOrderBody,
  NewOrderBody,
  OptionalSymbolQuery,
  OrderParams,
} from "../../presentation/schemas";
import { Problem } from "../../problems/problem";
import type { ApiContext } from "../context";
import { BEARER, problemResponses } from "../openapi";

const ORDER = { $ref: "Order#" };
const REFUSALS = problemResponses(400, 401, 403, 404, 409, 413, 415, 422, 429, 503, 504);
const OrdersQuery = Type.Object(
  {
    status: Type.Unsafe<"open" | "ended">({ type: "string", enum: ["open", "ended"], default: "open" }),
    ...HistoryQuery.properties,
  },
  { additionalProperties: false },
);

const JSON_TYPE = "application/json; charset=utf-8";
const sendJson = (reply: FastifyReply, json: string) => reply.type(JSON_TYPE).send(json);

/** Sends the answer when it comes. What goes wrong with it is this request's problem, not that of who answers. */
function answerWith<T>(reply: FastifyReply, jsonOf: (value: T) => string): AnswerCallback<T> {
  return (problem, value, command) => {
    reply.request.auditCommand = command;
    try {
      if (problem) reply.send(problem);
      else sendJson(reply, jsonOf(value as T));
    } catch (error) {
      reply.send(error);
    }
  };
}

/** Entering, changing and reading orders. */
export function orderRoutes(app: FastifyInstance, context: ApiContext): void {
  const { orders, views, instruments, history } = context;
  const jsonOf = (order: OrderState) => orderJson(order, instruments.at(order.symbol));
  const tags = ["orders"];

  app.post<{ Body: NewOrderBody; Headers: Static<typeof IdempotencyHeaders> }>(
    "/api/orders",
    {
      config: { scope: "trade", action: "order.enter" },
      schema: {
        tags,
        summary: "Enter an order",
        description:
          "Answers when the order is durable. Repeating an Idempotency-Key answers 200 with the first order.",
        security: BEARER,
        headers: IdempotencyHeaders,
        body: NewOrderBody,
        response: { 200: ORDER, 201: ORDER, ...REFUSALS },
      },
    },
    (request, reply) => {
      const account = requireAccount(request.identity!);
      const answer = answerWith(reply, ({ order, replayed }: EnteredOrder) => {
        request.auditOrderId = order.orderId;
        reply.code(replayed ? 200 : 201);
        return jsonOf(order);
      });
      orders.enter(account, request.body, request.headers["idempotency-key"], answer);
    },
  );

  app.patch<{ Body: ModifyOrderBody; Params: Static<typeof OrderParams> }>(
    "/api/orders/:orderId",
    {
      config: { scope: "trade", action: "order.modify" },
      schema: {
        tags,
        summary: "Change price or quantity",
        description:
          "A smaller quantity at the same price keeps the queue position; any other change moves the order to the end of the queue.",
        security: BEARER,
        params: OrderParams,
        body: ModifyOrderBody,
        response: { 200: ORDER, ...REFUSALS },
      },
    },
    (request, reply) => {
      const { orderId } = request.params;
      request.auditOrderId = orderId;
      orders.modify(requireAccount(request.identity!), orderId, request.body, answerWith(reply, jsonOf));
    },
  );

  app.delete<{ Params: Static<typeof OrderParams> }>(
    "/api/orders/:orderId",
    {
      config: { scope: "trade", action: "order.cancel" },
      schema: {
        tags,
        summary: "Cancel an order",
        security: BEARER,
        params: OrderParams,
        response: { 200: ORDER, ...REFUSALS },
      },
    },
    (request, reply) => {
      const { orderId } = request.params;
      request.auditOrderId = orderId;
      orders.cancel(requireAccount(request.identity!), orderId, answerWith(reply, jsonOf));
    },
  );

  app.delete<{ Querystring: Static<typeof OptionalSymbolQuery> }>(
    "/api/orders",
    {
      config: { scope: "trade", action: "order.cancel-all" },
      schema: {
        tags,
        summary: "Cancel all open orders of the account, for one symbol or for all",
        security: BEARER,
        querystring: OptionalSymbolQuery,
        response: { 200: Type.Object({ cancelled: Type.Integer() }), ...REFUSALS },
      },
    },
    async (request) => {
      request.auditDetail = { ...request.query };
      const outcome = await orders.cancelAll(requireAccount(request.identity!), request.query.symbol);
      request.auditCommand = outcome;
      refuseRejected(outcome);
      return { cancelled: outcome.cancelled };
    },
  );

  app.get<{ Params: Static<typeof OrderParams> }>(
    "/api/orders/:orderId",
    {
      config: { scope: "read", showsState: true },
      schema: {
        tags,
        summary: "One order",
        security: BEARER,
        params: OrderParams,
        response: { 200: ORDER, ...REFUSALS },
      },
    },
    async (request, reply) => {
      const account = requireAccount(request.identity!);
      const { orderId } = request.params;
      const order = orders.find(account, orderId);
      if (order) return sendJson(reply, jsonOf(order));
      // Ended long ago: the database still has it.
      const [ended] = history.kept ? await history.endedOrders(account, { before: orderId + 1, count: 1 }) : [];
      if (ended?.orderId !== orderId) throw new Problem("ORDER_NOT_FOUND");
      return ended;
    },
  );

  app.get<{ Querystring: Static<typeof OrdersQuery> }>(
    "/api/orders",
    {
      config: { scope: "read", showsState: true },
      schema: {
        tags,
        summary: "Open orders, newest first; or ended ones, from the database",
        security: BEARER,
        querystring: OrdersQuery,
        response: { 200: Type.Array(Type.Unsafe(ORDER)), ...REFUSALS },
      },
    },
    async (request, reply) => {
      const account = requireAccount(request.identity!);
      const { status, ...page } = request.query;
      if (status === "ended") return history.endedOrders(account, page);
      const symbol = page.symbol === undefined ? undefined : instruments.named(page.symbol).index;
      const open = [...views.orders.openOf(account)]
        .filter((order) => symbol === undefined || order.symbol === symbol)
        .filter((order) => order.orderId < (page.before ?? Number.POSITIVE_INFINITY))
        .sort((a, b) => b.orderId - a.orderId)
        .slice(0, page.count);
      return sendJson(reply, `[${open.map(jsonOf).join(",")}]`);
    },
  );
}
