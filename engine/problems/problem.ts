/**
 * Every way the API refuses, in one table: what it means, and what the client does instead. The code is stable and
 * documented; the text may change. Answers are `application/problem+json` (RFC 9457) with `code` and the request's id
 * added.
 */
export const PROBLEMS = {
  INVALID_REQUEST: {
    status: 400,
    title: "The request does not fit its schema",
    instead: "Send what the schema at `/docs` asks; `detail` names the field.",
  },
  MALFORMED_BODY: { status: 400, title: "The body is not valid JSON", instead: "Send one JSON value." },
  UNAUTHORIZED: {
    status: 401,
    title: "A valid bearer token is required",
    instead: "Send `authorization: Bearer` with a token that has not expired.",
  },
  FORBIDDEN: {
    status: 403,
    title: "The token lacks the scope for this action",
    instead: "Use a token with the scope that the route names.",
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: "This origin is not on the allow-list",
    instead: "Call from a page of an allowed origin (`http.allowedOrigins`), or from a program.",
  },
  NOT_FOUND: { status: 404, title: "There is nothing here", instead: "Use a path that `/docs` lists." },
  ORDER_NOT_FOUND: {
    status: 404,
    title: "The account has no such order",
    instead: "Use the order id from the answer to the order, and a token of the same account.",
  },
  SYMBOL_NOT_FOUND: {
    status: 404,
    title: "The engine does not trade this symbol",
    instead: "Choose one of the symbols that `detail` or `GET /api/symbols` lists.",
  },
  ORDER_NOT_OPEN: {
    status: 409,
    title: "The order is no longer open",
    instead: "Nothing: the order has ended as `detail` says.",
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: "This idempotency key was used for a different order",
    instead: "Use a new key for a new order.",
  },
  NOT_POSSIBLE_IN_ROLE: {
    status: 409,
    title: "The engine's role does not allow this",
    instead: "Send the request to the engine in that role, or change the role first.",
  },
  ALREADY_ENTERING: {
    status: 409,
    title: "A file is being replayed right now",
    instead: "Wait until the other request has finished, then try again.",
  },
  OUTCOMES_UNKNOWN: {
    status: 409,
    title: "The file does not say for all of its commands whether they were refused",
    instead:
      "Check them first. `unknownOutcomes=enter` enters them too; an order may then be open although its client was told that it was refused.",
  },
  STANDBY_INCOMPLETE: {
    status: 409,
    title: "This standby may lack orders that were acknowledged",
    instead: "Wait until it has caught up, or promote it with the decision that states what may be lost.",
  },
  BODY_TOO_LARGE: { status: 413, title: "The body is larger than allowed", instead: "Send less in one request." },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "The content type of the body is not supported here",
    instead: "Send `content-type: application/json`, or `application/octet-stream` for a file of commands.",
  },
  ORDER_REJECTED: {
    status: 422,
    title: "The engine refused the order",
    instead: "See `reason` in the table of reasons.",
  },
  INVALID_PRICE: {
    status: 422,
    title: "The price does not fit the symbol",
    instead: "Send a multiple of the symbol's `tickSize`.",
  },
  INVALID_QUANTITY: {
    status: 422,
    title: "The quantity does not fit the symbol",
    instead: "Send a multiple of the symbol's `lotSize`.",
  },
  FILE_DAMAGED: {
    status: 422,
    title: "The file does not match its name or its checksum",
    instead: "Fetch it again from the engine that has it; none of its commands was entered.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Too many requests from this client",
    instead: "Wait as long as `Retry-After` or `detail` says.",
  },
  INTERNAL: {
    status: 500,
    title: "The engine failed to answer",
    instead: "Report `requestId`. Before you send the order again, query it by its idempotency key.",
  },
  QUEUE_FULL: {
    status: 503,
    title: "The engine's queue is full",
    instead: "Wait, then send it again: nothing was accepted.",
  },
  NOT_ACTIVE: {
    status: 503,
    title: "This engine is the standby and takes no orders",
    instead: "Send it to the active engine: nothing was accepted.",
  },
  RECOVERING: {
    status: 503,
    title: "The engine is starting and recovering its journal",
    instead: "Wait until `/ready` answers 200.",
  },
  UNCONFIRMED: {
    status: 503,
    title: "The state that this engine has recovered is not yet confirmed by its standby",
    instead: "Wait until the standby is attached, or until an operator declares it lost.",
  },
  DRAINING: {
    status: 503,
    title: "The engine is shutting down",
    instead: "Reconnect: another engine or a new process takes over.",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: "The store that this request needs is not reachable",
    instead: "Try again later; trading continues meanwhile.",
  },
  DURABILITY_TIMEOUT: {
    status: 504,
    title: "The order was accepted but is not yet confirmed as durable",
    instead: "Query the order by its id or idempotency key: it may be open.",
  },
} as const satisfies Record<string, { status: number; title: string; instead: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/**
 * Commands that fail for a reason of the platform, not of the market's rules or of the client: with the faults they are
 * the error rate. By the component under which `errors` counts them.
 */
export const TECHNICAL_REFUSALS = {
  QUEUE_FULL: "queue-full",
  NOT_ACTIVE: "not-active",
  DURABILITY_TIMEOUT: "durability-timeout",
} as const satisfies Partial<Record<ProblemCode, string>>;

export const isTechnicalRefusal = (code: ProblemCode): code is keyof typeof TECHNICAL_REFUSALS =>
  code in TECHNICAL_REFUSALS;

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId?: string;
}

/**
 * Thrown anywhere behind a route; becomes the answer. `reason` says more than the code, e.g. why the engine refused.
 */
export class Problem extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly reason?: string,
  ) {
    super(detail ?? PROBLEMS[code].title);
    this.name = "Problem";
  }

  body(requestId?: string): ProblemBody & { reason?: string } {
    const { status, title } = PROBLEMS[this.code];
    return {
      type: `/docs/problems#${this.code}`,
      title,
      status,
      code: this.code,
      ...(this.detail ? { detail: this.detail } : {}),
      ...(this.reason ? { reason: this.reason } : {}),
      ...(requestId ? { requestId } : {}),
    };
  }
}
