import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { isoTime } from "../../presentation/iso-time";
import { clientOrderIdText, sideName } from "../../presentation/presentation";
import { SymbolParams } from "../../presentation/schemas";
import type { ApiContext } from "../context";
import { operatorRoute } from "./operator-route";

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
const Book = Type.Object({ symbol: Type.String(), sequence: Type.Integer(), orders: Type.Array(DebugOrder) });

/** Every open order of a symbol. */
export function debugRoutes(app: FastifyInstance, { instruments, views }: ApiContext): void {
  const { config, schema } = operatorRoute("debug-orderbook", "The whole book, order by order", Book, {
    params: SymbolParams,
  });
  app.get<{ Params: Static<typeof SymbolParams> }>(
    "/debug/orderbook/:symbol",
    {
      schema,
      config: { ...config, showsState: true },
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
