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
    instead: "Send `authorization: Bearer` with a token that has not ended.",
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
  NOT_FOUND: { status: 404, title: "There is nothing here", instead: "Take the path from `/docs`." },
  ORDER_NOT_FOUND: {
    status: 404,
    title: "The account has no such order",
    instead: "Ask with the id that the answer to the order had, and the token of the same account.",
  },
  SYMBOL_NOT_FOUND: {
    status: 404,
    title: "The engine does not trade this symbol",
    instead: "Choose one of the symbols that `detail` or `GET /api/symbols` lists.",
  },
  ORDER_NOT_OPEN: {
    status: 409,
    title: "The order is not open any more",
    instead: "Nothing: it has ended as `detail` says.",
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    title: "This idempotency key was used for a different order",
    instead: "Use a new key for a new order.",
  },
  NOT_POSSIBLE_IN_ROLE: {
    status: 409,
    title: "The engine's role does not allow this",
    instead: "Ask the engine that has the role, or change the role first.",
  },
  ALREADY_ENTERING: {
    status: 409,
    title: "A file is being entered at this moment",
    instead: "Wait until the other request has its last line, then ask again.",
  },
  OUTCOMES_UNKNOWN: {
    status: 409,
    title: "The file does not say of all its commands whether they were refused",
    instead:
      "Look at them; `unknownOutcomes=enter` enters those too: an order may then stand whose client was told that it was refused.",
  },
  STANDBY_INCOMPLETE: {
    status: 409,
    title: "This standby may lack orders that were acknowledged",
    instead: "Wait until it has caught up; or promote it with the decision that says what may be lost.",
  },
  BODY_TOO_LARGE: { status: 413, title: "The body is larger than allowed", instead: "Send less in one request." },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "The body is of a type that is not taken here",
    instead: "Send `content-type: application/json`; a file of commands as `application/octet-stream`.",
  },
  ORDER_REJECTED: {
    status: 422,
    title: "The engine refused the order",
    instead: "What `reason` says, in the table of reasons.",
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
    title: "The file is not what its name or its checksum says",
    instead: "Fetch it again from the engine that keeps it; nothing of it was entered.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Too many requests from this client",
    instead: "Wait as long as `Retry-After` or `detail` says.",
  },
  INTERNAL: {
    status: 500,
    title: "The engine failed to answer",
    instead: "Report `requestId`; ask with the idempotency key before the order is sent again.",
  },
  QUEUE_FULL: {
    status: 503,
    title: "The engine's queue is full",
    instead: "Wait, then send again: nothing was taken.",
  },
  NOT_ACTIVE: {
    status: 503,
    title: "This engine stands by and takes no orders",
    instead: "Send it to the active engine: nothing was taken.",
  },
  RECOVERING: {
    status: 503,
    title: "The engine is starting: it recovers its journal",
    instead: "Wait until `/ready` answers 200.",
  },
  UNCONFIRMED: {
    status: 503,
    title: "What this engine has recovered is not known to be on its standby's disk yet",
    instead: "Wait until the standby is attached, or has been given up by a decision.",
  },
  DRAINING: {
    status: 503,
    title: "The engine is shutting down",
    instead: "Connect again: another engine or a new process takes over.",
  },
  STORE_UNAVAILABLE: {
    status: 503,
    title: "The store behind this answer is not reachable",
    instead: "Try again later; trading goes on meanwhile.",
  },
  DURABILITY_TIMEOUT: {
    status: 504,
    title: "The order was taken but is not known to be durable yet",
    instead: "Ask for the order by its id or idempotency key: it may stand.",
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
