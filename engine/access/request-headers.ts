import type { IncomingHttpHeaders } from "node:http";

const TOKEN_MAX_BYTES = 8_192;
/** The scheme's name is case-insensitive, and spaces follow it (RFC 9110 11.1, 11.4). */
const BEARER = /^bearer +/i;
/** A proxy sets it that knows this engine and its peer, and wants the one that takes orders. */
const ACTIVE_ONLY_HEADER = "x-active-only";

/** Bearer token of a request, or undefined. */
export function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > TOKEN_MAX_BYTES) return undefined;
  const scheme = BEARER.exec(header)?.[0];
  return scheme === undefined ? undefined : header.slice(scheme.length);
}

/** Browsers say where a page came from; other clients do not. A page of the engine's own host is always welcome. */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined || allowed.includes(origin)) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/**
 * Whether a request has come to the wrong engine of the two: a proxy that asks for the active one is refused by the
 * other, and sends it there. Whoever asks a standby by itself sees what it sees.
 */
export function isForTheActive(headers: IncomingHttpHeaders, role: string): boolean {
  return headers[ACTIVE_ONLY_HEADER] !== undefined && role !== "active";
}
