import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify, SignJWT } from "jose";
import type { EngineConfiguration } from "../configuration";
import { type Identity, identityFrom, type Scope } from "./identity";
import { Problem } from "./problem";

/** Shorter secrets can be guessed offline from one token (RFC 7518 3.2: at least the hash's size). */
const MIN_SECRET_BYTES = 32;
/** A verified token is remembered this long, so a withdrawn key stops working within it. */
const REMEMBER_MS = 30_000;
const REMEMBERED_MAX = 16_384;
/** Characters of the shortest signature (HS256): enough to find a token by. */
const SIGNATURE_LENGTH = 43;
const CLOCK_TOLERANCE_SECONDS = 5;
const ASYMMETRIC = ["RS256", "PS256", "ES256", "EdDSA"];

type JwtConfiguration = EngineConfiguration["http"]["jwt"];
interface Remembered {
  readonly identity: Identity;
  readonly token: Buffer;
  /** Where the token of a request is compared with this one. */
  readonly compared: Buffer;
  readonly untilMs: number;
}

/** Checks bearer tokens against the identity provider's keys or a shared secret. */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();
  /** What each connection brought last. */
  private readonly newest = new WeakMap<object, Remembered>();

  private constructor(
    private readonly verifySignature: (token: string) => Promise<JWTPayload>,
    private readonly maxAccounts: number,
    private readonly nowMs: () => number,
  ) {}

  static create(jwt: JwtConfiguration, maxAccounts: number, nowMs: () => number = Date.now): TokenVerifier {
    const expectations = {
      issuer: jwt.issuer,
      audience: jwt.audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ["sub", "exp"],
    };
    const key = jwt.jwksUrl ? createRemoteJWKSet(new URL(jwt.jwksUrl)) : sharedSecret(jwt.secretFile);
    const options = { ...expectations, algorithms: jwt.jwksUrl ? ASYMMETRIC : ["HS256"] };
    const verify = async (token: string) => (await jwtVerify(token, key as JWTVerifyGetKey, options)).payload;
    return new TokenVerifier(verify, maxAccounts, nowMs);
  }

  /** The identity of a token seen a moment ago: no signature check, no waiting. Looks first at what the connection brought last. */
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
    found.compared.write(token, "latin1");
    return timingSafeEqual(found.token, found.compared);
  }

  async verify(token: string): Promise<Identity> {
    const known = this.recall(token);
    if (known) return known;
    const identity = identityFrom(await this.claims(token), this.maxAccounts);
    const untilMs = Math.min(this.nowMs() + REMEMBER_MS, identity.expiresAtSeconds * 1000);
    if (this.remembered.size >= REMEMBERED_MAX) this.remembered.delete(this.remembered.keys().next().value as string);
    const bytes = Buffer.from(token, "latin1");
    this.remembered.set(token.slice(-SIGNATURE_LENGTH), {
      identity,
      token: bytes,
      compared: Buffer.alloc(bytes.length),
      untilMs,
    });
    return identity;
  }

  private async claims(token: string): Promise<JWTPayload> {
    try {
      return await this.verifySignature(token);
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || isUnreachable(error)) {
        throw new Problem("STORE_UNAVAILABLE", "the identity provider's keys cannot be fetched");
      }
      throw new Problem(
        "UNAUTHORIZED",
        error instanceof errors.JWTExpired ? "the token has expired" : "the token is not valid",
      );
    }
  }
}

/** jose reports a failing endpoint as a plain JOSEError or fetch's TypeError; a bad token has a class of its own. */
const isUnreachable = (error: unknown): boolean =>
  (error as Partial<Error>).name === "TypeError" ||
  (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");

/** Reads the file at each use of an unknown token, so that a rotated secret works at once. */
function sharedSecret(path: string | undefined): () => Uint8Array {
  if (!path) throw new Error("http.jwt: neither jwksUrl nor secretFile is given");
  readSecret(path);
  return () => readSecret(path);
}

export function readSecret(path: string): Uint8Array {
  const secret = Buffer.from(readFileSync(path, "utf8").trim());
  if (secret.length < MIN_SECRET_BYTES) {
    throw new Error(
      `http.jwt.secretFile ${path}: ${secret.length} bytes; give at least ${MIN_SECRET_BYTES} random ones`,
    );
  }
  return secret;
}

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
