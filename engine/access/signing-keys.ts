import { readFileSync } from "node:fs";
import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from "jose";

/** What tokens are signed with. `generation` changes with the keys: what was checked with others counts no more. */
export interface SigningKeys {
  readonly algorithms: string[];
  readonly key: JWTVerifyGetKey;
  readonly generation: number;
  /** Looks whether the keys have changed. */
  refresh(): Promise<void>;
}

/** Shorter secrets can be guessed offline from one token (RFC 7518 3.2: at least the hash's size). */
const MIN_SECRET_BYTES = 32;

/** A shared secret in a file, read for each token that is not remembered: a rotated one works at once. */
export class SharedSecret implements SigningKeys {
  readonly algorithms = ["HS256"];
  generation = 0;
  private secret: Uint8Array;

  constructor(private readonly path: string | undefined) {
    if (!path) throw new Error("http.jwt: neither jwksUrl nor secretFile is given");
    this.secret = readSecret(path);
  }

  readonly key = async () => {
    await this.refresh();
    return this.secret;
  };

  async refresh(): Promise<void> {
    const secret = readSecret(this.path as string);
    if (Buffer.compare(secret, this.secret) === 0) return;
    this.secret = secret;
    this.generation += 1;
  }
}

export function readSecret(path: string): Uint8Array {
  const secret = Buffer.from(readFileSync(path, "utf8").trim());
  if (secret.length < MIN_SECRET_BYTES) {
    throw new Error(
      `http.jwt.secretFile ${path}: ${secret.length} bytes; give at least ${MIN_SECRET_BYTES} random bytes`,
    );
  }
  return secret;
}

/**
 * Together with the time for which a token is remembered (REMEMBER_MS) and one lookup, a withdrawn key works for at
 * most 30 s. jose alone would use keys for ten minutes (`cacheMaxAge`, jose 6.2.17, jwks/remote.js), and look for an
 * unknown one only when the last lookup is 30 s old (`cooldownDuration`).
 */
const FRESH_MS = 14_000;
/** Lookups for keys that are not known: at most one in this time, whatever strangers send. */
const UNKNOWN_KEY_LOOKUP_MS = 1_000;
const LOOKUP_TIMEOUT_MS = 2_000;
/** After a lookup that failed. */
const FAILED_LOOKUP_PAUSE_MS = 5_000;
/** While the provider cannot be reached nobody can say that a key was withdrawn: the last ones serve for this long. */
const KEPT_WITHOUT_PROVIDER_MS = 600_000;

/** The keys that an identity provider publishes (RFC 7517). */
export class ProviderKeys implements SigningKeys {
  readonly algorithms = ["RS256", "PS256", "ES256", "EdDSA"];
  generation = 0;
  private readonly remote: ReturnType<typeof createRemoteJWKSet>;
  private published = "";
  private foundAtMs = Number.NEGATIVE_INFINITY;
  private failedAtMs = Number.NEGATIVE_INFINITY;

  constructor(url: string) {
    this.remote = createRemoteJWKSet(new URL(url), {
      cacheMaxAge: FRESH_MS,
      cooldownDuration: UNKNOWN_KEY_LOOKUP_MS,
      timeoutDuration: LOOKUP_TIMEOUT_MS,
      [customFetch]: (address, options) => this.lookUp(address, options),
    });
  }

  readonly key: JWTVerifyGetKey = async (header, token) => {
    try {
      return await this.remote(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey && this.remote.coolingDown) {
        // Perhaps a new key, published since the last lookup: its tokens wait for the next one instead of being
        // refused.
        await new Promise((resolve) => setTimeout(resolve, UNKNOWN_KEY_LOOKUP_MS));
        return this.remote(header, token);
      }
      const kept = this.remote.jwks();
      const keptMs = Date.now() - this.foundAtMs;
      if (!kept || !isUnreachable(error) || keptMs > KEPT_WITHOUT_PROVIDER_MS) throw error;
      return createLocalJWKSet(kept)(header, token).catch(() => {
        throw error;
      });
    }
  };

  async refresh(): Promise<void> {
    if (this.remote.jwks() && !this.remote.coolingDown) await this.remote.reload();
  }

  private async lookUp(address: string, options: RequestInit): Promise<Response> {
    if (Date.now() - this.failedAtMs < FAILED_LOOKUP_PAUSE_MS)
      throw new TypeError("the previous lookup has just failed");
    try {
      const response = await fetch(address, options);
      const text = await response.text();
      if (response.status !== 200) throw new TypeError(`the provider answered ${response.status}`);
      if (text !== this.published) this.generation += 1;
      this.published = text;
      this.foundAtMs = Date.now();
      return new Response(text, { status: 200 });
    } catch (error) {
      this.failedAtMs = Date.now();
      throw error;
    }
  }
}

/** jose reports a failing endpoint as a plain JOSEError or fetch's TypeError; a bad token has a class of its own. */
export const isUnreachable = (error: unknown): boolean =>
  error instanceof errors.JWKSTimeout ||
  (error as Partial<Error>).name === "TypeError" ||
  (error instanceof errors.JOSEError && error.code === "ERR_JOSE_GENERIC");
