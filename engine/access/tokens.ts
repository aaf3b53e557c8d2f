import { timingSafeEqual } from "node:crypto";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { EngineConfiguration } from "../configuration";
import { Problem } from "../problems/problem";
import { type Identity, identityFrom, type Scope } from "./identity";
import { isUnreachable, ProviderKeys, SharedSecret, type SigningKeys } from "./signing-keys";

/** A verified token is remembered this long, so a withdrawn key stops working within it and the age of the keys. */
const REMEMBER_MS = 14_000;
const REMEMBERED_MAX = 16_384;
/** Characters of the shortest signature (HS256): enough to find a token by. */
const SIGNATURE_LENGTH = 43;
/** For a token that begins now by another clock. None for its end: it ends everywhere when it says so. */
const CLOCK_TOLERANCE_SECONDS = 5;

type JwtConfiguration = EngineConfiguration["http"]["jwt"];
interface Remembered {
  readonly identity: Identity;
  readonly token: Buffer;
  /** Where the token of a request is compared with this one. */
  readonly compared: Buffer;
  readonly untilMs: number;
  readonly generation: number;
}

/** Checks bearer tokens against the identity provider's keys or a shared secret. */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();
  /** What each connection brought last. */
  private readonly newest = new WeakMap<object, Remembered>();
  /** Tokens that are being checked. Those of a busy client's connections are forgotten, and come again, all at once. */
  private readonly checking = new Map<string, { readonly generation: number; readonly identity: Promise<Identity> }>();

  private constructor(
    private readonly jwt: Pick<JwtConfiguration, "issuer" | "audience">,
    private readonly keys: SigningKeys,
    private readonly maxAccounts: number,
    private readonly nowMs: () => number,
  ) {}

  static create(jwt: JwtConfiguration, maxAccounts: number, nowMs: () => number = Date.now): TokenVerifier {
    const keys = jwt.jwksUrl ? new ProviderKeys(jwt.jwksUrl) : new SharedSecret(jwt.secretFile);
    return new TokenVerifier(jwt, keys, maxAccounts, nowMs);
  }

  /** Changes when the signing keys do: what was verified before has to be verified again. */
  get generation(): number {
    return this.keys.generation;
  }

  /** Looks whether the signing keys have changed. A provider that is away says nothing about them. */
  refreshKeys(): Promise<void> {
    return this.keys.refresh().catch(() => {});
  }

  /**
   * The identity of a token seen a moment ago: no signature check, no waiting. Looks first at what the connection
   * brought last.
   */
  recall(token: string, connection?: object): Identity | undefined {
    const last = connection && this.newest.get(connection);
    if (last && this.matches(last, token)) return last.identity;
    const found = this.remembered.get(token.slice(-SIGNATURE_LENGTH));
    if (!found || !this.matches(found, token)) return undefined;
    if (connection) this.newest.set(connection, found);
    return found.identity;
  }

  /** Compared in constant time: what differs from a remembered token must not be found out letter by letter. */
  private matches(found: Remembered, token: string): boolean {
    if (this.nowMs() >= found.untilMs || found.token.length !== token.length) return false;
    if (found.generation !== this.keys.generation) return false;
    found.compared.write(token, "latin1");
    return timingSafeEqual(found.token, found.compared);
  }

  /** The identity of a token. Whoever brings one that is being checked waits for that check. */
  async verify(token: string): Promise<Identity> {
    const known = this.recall(token);
    if (known) return known;
    const { generation } = this.keys;
    const begun = this.checking.get(token);
    if (begun?.generation === generation) return begun.identity;
    const check = { generation, identity: this.check(token, generation) };
    this.checking.set(token, check);
    try {
      return await check.identity;
    } finally {
      // A check with newer keys may have taken its place.
      if (this.checking.get(token) === check) this.checking.delete(token);
    }
  }

  private async check(token: string, generation: number): Promise<Identity> {
    const identity = identityFrom(await this.claims(token), this.maxAccounts);
    const untilMs = Math.min(this.nowMs() + REMEMBER_MS, identity.expiresAtSeconds * 1000);
    if (untilMs <= this.nowMs()) throw expired();
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.delete(this.remembered.keys().next().value as string);
    const bytes = Buffer.from(token, "latin1");
    this.remembered.set(token.slice(-SIGNATURE_LENGTH), {
      identity,
      token: bytes,
      compared: Buffer.alloc(bytes.length),
      untilMs,
      generation,
    });
    return identity;
  }

  private async claims(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.keys.key, {
        issuer: this.jwt.issuer,
        audience: this.jwt.audience,
        algorithms: this.keys.algorithms,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ["sub", "exp"],
      });
      return payload;
    } catch (error) {
      if (isUnreachable(error))
        throw new Problem("STORE_UNAVAILABLE", "the identity provider's keys cannot be fetched");
      throw error instanceof errors.JWTExpired ? expired() : new Problem("UNAUTHORIZED", "the token is not valid");
    }
  }
}

const expired = (): Problem => new Problem("UNAUTHORIZED", "the token has expired");

export interface TokenRequest {
  readonly subject: string;
  readonly account?: number;
  readonly scopes: readonly Scope[];
  readonly lifetimeSeconds: number;
}

/** Signs a token with the shared secret: for development and tests. */
export async function signToken(jwt: JwtConfiguration, secret: Uint8Array, request: TokenRequest): Promise<string> {
  return new SignJWT({
    scope: request.scopes.join(" "),
    ...(request.account === undefined ? {} : { account: request.account }),
  })
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(request.subject)
    .setIssuer(jwt.issuer)
    .setAudience(jwt.audience)
    .setIssuedAt()
    .setExpirationTime(Math.floor(Date.now() / 1000) + request.lifetimeSeconds)
    .sign(secret);
}
