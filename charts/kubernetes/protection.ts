/** Certificate of the internal authority that the called pods show. */
export interface ShownCertificate {
  /** Secret of their namespace with `tls.crt`, `tls.key`, and the authority as `ca.crt`. */
  readonly secret: string;
  /** Name that it carries, whatever address the pods are reached at. */
  readonly name: string;
}

/** TLS with a certificate of the internal authority: callers are configured from this very value. */
export interface InternalTls {
  readonly kind: "internal";
  readonly shown: ShownCertificate;
  /** What else is proven, `the user's token`. @default - nothing; the caller does not show who it is */
  readonly callerProves?: string;
}

/** TLS with a certificate that is made elsewhere. */
export interface OutsideTls {
  readonly kind: "outside";
  /** Who shows what, and who checks it against what. */
  readonly proof: string;
}

/** Said in the clear. */
export interface Plain {
  readonly kind: "plain";
  /** Why it cannot be otherwise, and what that leaves open to whom. */
  readonly reason: string;
}

/** Up to software that is not the platform's, which nothing here can look into. */
export interface NotKnown {
  readonly kind: "not known";
  readonly reason: string;
}

/** How what goes over a connection is kept from being read, and from being answered by somebody else. */
export type Protection = InternalTls | OutsideTls | Plain | NotKnown;

export const internalTls = (shown: ShownCertificate, callerProves?: string): InternalTls => ({
  kind: "internal",
  shown,
  ...(callerProves && { callerProves }),
});

export const outsideTls = (proof: string): OutsideTls => ({ kind: "outside", proof });

export const plain = (reason: string): Plain => ({ kind: "plain", reason });

export const notKnown = (reason: string): NotKnown => ({ kind: "not known", reason });
