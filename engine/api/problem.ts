/**
 * Every way the API refuses, in one table. The code is stable and documented; the text may change. Answers are
 * `application/problem+json` (RFC 9457) with `code` and the request's id added.
 */
export const PROBLEMS = {
  INVALID_REQUEST: { status: 400, title: "The request does not fit its schema" },
  MALFORMED_BODY: { status: 400, title: "The body is not valid JSON" },
  UNAUTHORIZED: { status: 401, title: "A valid bearer token is required" },
  FORBIDDEN: { status: 403, title: "The token lacks the scope for this action" },
  ORIGIN_REFUSED: { status: 403, title: "This origin is not on the allow-list" },
  NOT_FOUND: { status: 404, title: "There is nothing here" },
  ORDER_NOT_FOUND: { status: 404, title: "The account has no such order" },
  SYMBOL_NOT_FOUND: { status: 404, title: "The engine does not trade this symbol" },
  ORDER_NOT_OPEN: { status: 409, title: "The order is not open any more" },
  IDEMPOTENCY_CONFLICT: { status: 409, title: "This idempotency key was used for a different order" },
  NOT_POSSIBLE_IN_ROLE: { status: 409, title: "The engine's role does not allow this" },
  STANDBY_INCOMPLETE: { status: 409, title: "This standby may lack orders that were acknowledged" },
  BODY_TOO_LARGE: { status: 413, title: "The body is larger than allowed" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: "The body must be application/json" },
  ORDER_REJECTED: { status: 422, title: "The engine refused the order" },
  INVALID_PRICE: { status: 422, title: "The price does not fit the symbol" },
  INVALID_QUANTITY: { status: 422, title: "The quantity does not fit the symbol" },
  RATE_LIMITED: { status: 429, title: "Too many requests from this client" },
  INTERNAL: { status: 500, title: "The engine failed to answer" },
  QUEUE_FULL: { status: 503, title: "The engine's queue is full" },
  NOT_ACTIVE: { status: 503, title: "This engine stands by and takes no orders" },
  RECOVERING: { status: 503, title: "The engine is starting: it recovers its journal" },
  UNCONFIRMED: { status: 503, title: "What this engine has recovered is not known to be on its standby's disk yet" },
  DRAINING: { status: 503, title: "The engine is shutting down" },
  STORE_UNAVAILABLE: { status: 503, title: "The store behind this answer is not reachable" },
  DURABILITY_TIMEOUT: { status: 504, title: "The order was taken but is not known to be durable yet" },
} as const satisfies Record<string, { status: number; title: string }>;

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

/** Thrown anywhere behind a route; becomes the answer. `reason` says more than the code, e.g. why the engine refused. */
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
