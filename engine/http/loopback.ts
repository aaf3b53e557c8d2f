const LOOPBACK = /^(localhost|(.+\.)?localhost\.?|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a `Host` field names this machine itself (RFC 6761 6.3 keeps "localhost" and all below it for that). Any
 * other name may have been pointed at 127.0.0.1 by whoever owns it, so that a page of theirs counts as ours.
 */
export const isLoopbackHost = (host: string | undefined): boolean =>
  host !== undefined && LOOPBACK.test(host.replace(/:\d{1,5}$/, ""));

/** The same of an `Origin` field; a client that is no browser sends none. */
export const isLoopbackOrigin = (origin: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && isLoopbackHost(new URL(origin).host));
