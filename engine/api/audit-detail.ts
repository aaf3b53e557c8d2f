import type { FastifyRequest } from "fastify";

/** What fits a schema is shorter, unless somebody fills it up with spaces. */
const LINE_MAX = 1_024;

/**
 * JSON allows line breaks between its tokens, but a record is one line. Escapes are not needed in any body, and the
 * database takes no \u0000, not even where a second value of the same field replaces it.
 */
const UNFIT = /[\r\n\\]/;

/**
 * What an audit record says of a request, as JSON: the order it was about, the body as the client wrote it, and what
 * else the route knows. As written, because making text of a body once more costs a thirtieth of entering an order.
 *
 * @param fits whether the body fits the route's schema; anything else could hold secrets and is left out
 */
export function auditDetailOf(request: FastifyRequest, fits: boolean): string {
  const { auditOrderId, auditDetail } = request;
  const order = auditOrderId === undefined ? "" : `"orderId":${auditOrderId}`;
  const body = fits ? bodyField(request) : "";
  const rest = auditDetail === undefined ? "" : JSON.stringify(auditDetail).slice(1, -1);
  return `{${joined(joined(order, body), rest)}}`;
}

function bodyField({ bodyText, body }: FastifyRequest): string {
  if (bodyText === undefined || body === undefined) return "";
  return `"body":${bodyText.length <= LINE_MAX && !UNFIT.test(bodyText) ? bodyText : JSON.stringify(body)}`;
}

const joined = (fields: string, more: string): string =>
  fields === "" ? more : more === "" ? fields : `${fields},${more}`;
