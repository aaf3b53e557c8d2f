import { type Static, Type } from "typebox";

/**
 * The shapes of the API. fastify validates with these very objects, serializes with them, and the OpenAPI document is
 * made of them.
 */
export const decimal = (description: string) =>
  Type.String({ pattern: "^\\d{1,15}(\\.\\d{1,15})?$", maxLength: 31, description });
const signedDecimal = (description: string) => Type.String({ description });
const oneOf = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: "string", enum: [...values], description });
const time = (description: string) => Type.String({ format: "date-time", description });

export const SIDES = ["buy", "sell"] as const;
export const ORDER_TYPES = ["limit", "market", "stop", "stop_limit"] as const;
export const TIMES_IN_FORCE = ["gtc", "ioc", "fok"] as const;
export const SELF_TRADE_PREVENTIONS = ["none", "cancel_newest", "cancel_oldest", "cancel_both", "decrement"] as const;
const ORDER_STATUSES = ["waiting", "open", "partially_filled", "filled", "cancelled"] as const;
const SHOWN_STATUSES = [...ORDER_STATUSES, "unknown"] as const;

const Symbol_ = Type.String({ pattern: "^[A-Z0-9]{3,12}$", description: "Symbol", examples: ["BTCUSD"] });
const OrderId = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: "The engine's order id" });

export const SymbolParams = Type.Object({ symbol: Symbol_ });
export const OrderParams = Type.Object({ orderId: OrderId });
export const DepthQuery = Type.Object(
  { depth: Type.Integer({ minimum: 1, maximum: 1_000, default: 20 }) },
  { additionalProperties: false },
);
export const CountQuery = Type.Object(
  { count: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }) },
  { additionalProperties: false },
);
export const OptionalSymbolQuery = Type.Object({ symbol: Type.Optional(Symbol_) }, { additionalProperties: false });
/** Pages go backwards: the next one begins before the last id of this one. */
export const HistoryQuery = Type.Object(
  {
    symbol: Type.Optional(Symbol_),
    before: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: "Only orders with a lower id than this",
      }),
    ),
    count: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  },
  { additionalProperties: false },
);

export const IdempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: "^[\\x21-\\x7e]+$",
      description: "Repeating the key returns the same order instead of entering a second one",
    }),
  ),
});

export const NewOrderBody = Type.Object(
  {
    symbol: Symbol_,
    side: oneOf(SIDES, "Side"),
    type: Type.Unsafe<(typeof ORDER_TYPES)[number]>({ type: "string", enum: [...ORDER_TYPES], default: "limit" }),
    timeInForce: Type.Optional(
      oneOf(
        TIMES_IN_FORCE,
        "Good till cancelled, immediate or cancel, fill or kill. Default: gtc; ioc for market orders",
      ),
    ),
    price: Type.Optional(decimal("Limit price; a multiple of the tick size")),
    quantity: decimal("A multiple of the lot size"),
    stopPrice: Type.Optional(decimal("Price of the last trade at which a stop is triggered")),
    displayQuantity: Type.Optional(decimal("Visible quantity; makes the order an iceberg")),
    postOnly: Type.Boolean({ default: false, description: "Rejected if it would take liquidity" }),
    selfTradePrevention: Type.Unsafe<(typeof SELF_TRADE_PREVENTIONS)[number]>({
      type: "string",
      enum: [...SELF_TRADE_PREVENTIONS],
      default: "cancel_newest",
    }),
  },
  {
    additionalProperties: false,
    examples: [{ symbol: "BTCUSD", side: "buy", price: "65000.00", quantity: "0.0100" }],
  },
);
export type NewOrderBody = Static<typeof NewOrderBody>;

export const ModifyOrderBody = Type.Object(
  {
    price: Type.Optional(decimal("New limit price")),
    quantity: Type.Optional(decimal("New total quantity, including what has already been executed")),
  },
  { additionalProperties: false, minProperties: 1, examples: [{ quantity: "0.0050" }] },
);
export type ModifyOrderBody = Static<typeof ModifyOrderBody>;

export const Order = Type.Object(
  {
    orderId: OrderId,
    clientOrderId: Type.String({ description: "64 bits, as a decimal" }),
    symbol: Symbol_,
    side: oneOf(SIDES, "Side"),
    type: oneOf(ORDER_TYPES, "Type"),
    timeInForce: oneOf(TIMES_IN_FORCE, "Time in force"),
    price: Type.Optional(decimal("Limit price")),
    stopPrice: Type.Optional(decimal("Stop price")),
    displayQuantity: Type.Optional(decimal("Maximum visible quantity of an iceberg")),
    quantity: decimal("Total quantity"),
    filledQuantity: decimal("Executed quantity; with status unknown, at least this"),
    remainingQuantity: Type.Optional(decimal("Open quantity; omitted with status unknown")),
    averagePrice: Type.Optional(
      Type.String({
        description:
          "Average price of its executions, with up to eight more decimal places than the tick size; omitted if the engine was restarted between them",
      }),
    ),
    status: oneOf(
      SHOWN_STATUSES,
      "waiting is a stop that has not been triggered; unknown ended while the database was lost",
    ),
    acceptedAt: Type.Optional(time("When the engine accepted it; omitted if the engine has been restarted since")),
    changedAt: Type.Optional(time("When it last changed; omitted if the engine has been restarted since")),
    sequence: Type.Optional(
      Type.Integer({ description: "Sequence of the event that changed it last; omitted if it is not known" }),
    ),
  },
  { $id: "Order" },
);
export type Order = Static<typeof Order>;

const Level = Type.Array(Type.String(), { description: "[price, quantity]" });
export const Book = Type.Object(
  {
    symbol: Symbol_,
    sequence: Type.Integer({ description: "Apply increments with a higher sequence to this" }),
    bids: Type.Array(Level),
    asks: Type.Array(Level),
  },
  { $id: "Book" },
);
export type Book = Static<typeof Book>;

export const Trade = Type.Object(
  {
    tradeId: Type.Integer(),
    symbol: Symbol_,
    price: decimal("Price"),
    quantity: decimal("Quantity"),
    takerSide: oneOf(SIDES, "Side of the order that took liquidity"),
    time: time("When"),
  },
  { $id: "Trade" },
);

export const OwnTrade = Type.Object(
  {
    tradeId: Type.Integer(),
    symbol: Symbol_,
    orderId: OrderId,
    side: oneOf(SIDES, "Side of the account"),
    role: oneOf(["maker", "taker"], "Accounts of the maker and the taker"),
    price: decimal("Price"),
    quantity: decimal("Quantity"),
    time: time("When"),
  },
  { $id: "OwnTrade" },
);

export const PositionSchema = Type.Object(
  {
    symbol: Symbol_,
    netQuantity: signedDecimal("Negative for a short position"),
    averagePrice: Type.Optional(
      signedDecimal("Average price of the open position; with up to eight more decimal places than the tick size"),
    ),
    realisedProfit: signedDecimal("In the quote currency"),
    unrealisedProfit: Type.Optional(signedDecimal("At the last trade's price")),
  },
  { $id: "Position" },
);

export const SymbolSchema = Type.Object(
  {
    symbol: Symbol_,
    tickSize: decimal("Price step"),
    lotSize: decimal("Quantity step"),
    maxOrderQuantity: decimal("Largest order"),
    priceCollarBps: Type.Integer({ description: "Maximum distance of a price from the last trade" }),
    lastPrice: Type.Optional(decimal("Of the newest trade")),
  },
  { $id: "Symbol" },
);

const figures = {
  realisedProfit: signedDecimal("In the quote currency"),
  trades: Type.Integer({ description: "Executions" }),
  winners: Type.Integer({ description: "Executions that closed with a profit" }),
  losers: Type.Integer({ description: "Executions that closed with a loss" }),
  winRate: Type.Number({
    description: "Share of winners among all executions that closed with a profit or a loss; 0 if there are none",
  }),
};
export const Analytics = Type.Object(
  { ...figures, symbols: Type.Array(Type.Object({ symbol: Symbol_, ...figures })) },
  { $id: "Analytics" },
);
export const DailyProfit = Type.Array(Type.Object({ day: Type.String({ format: "date" }), ...figures }), {
  $id: "DailyProfit",
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "Stable code; see the table at /docs/problems" }),
    detail: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String({ description: "Why the engine refused the order" })),
    requestId: Type.Optional(Type.String()),
  },
  { $id: "Problem" },
);
