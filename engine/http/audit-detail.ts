import type { FastifyRequest } from "fastify";
import { storableJson } from "../audit/storable-json";

/**
 * What an audit record says of a request, as JSON: the order it was about, the body as it was understood, and what else
 * the route knows.
 *
 * A file as body is named by the route: its bytes belong into no record.
 *
 * @param fits whether the body fits the route's schema; anything else could hold secrets and is left out
 */
export function auditDetailOf(request: FastifyRequest, fits: boolean): string {
  const { auditOrderId, auditDetail, body } = request;
  const order = auditOrderId === undefined ? "" : `"orderId":${auditOrderId}`;
  const asked = fits && body !== undefined && !Buffer.isBuffer(body) ? `"body":${storableJson(body)}` : "";
  const rest = auditDetail === undefined ? "" : storableJson(auditDetail).slice(1, -1);
  return `{${joined(joined(order, asked), rest)}}`;
}

const joined = (fields: string, more: string): string =>
  fields === "" ? more : more === "" ? fields : `${fields},${more}`;
