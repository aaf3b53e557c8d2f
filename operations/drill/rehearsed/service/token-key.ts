import { createHmac, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { replaceFile } from "@hft/toolkit";

const KEY_BYTES = 48;
const LIFETIME_SECONDS = 600;

/**
 * The key that signs the users' tokens, in the three places where it is: in Secrets Manager, in the pod's file, which
 * External Secrets copies from there, and with whoever lets users sign in.
 */
export class TokenKey {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true });
    if (!existsSync(this.stored)) {
      this.put();
      this.copyToPod();
      this.copyToSignIn();
    }
  }

  /** File that the engine reads. */
  get podFile(): string {
    return join(this.directory, "pod");
  }

  /** A new value in Secrets Manager; nobody else knows it yet. */
  put(): void {
    replaceFile(this.stored, randomBytes(KEY_BYTES).toString("base64"), { mode: 0o600 });
  }

  copyToPod(): void {
    replaceFile(this.podFile, readFileSync(this.stored, "utf8"), { mode: 0o600 });
  }

  copyToSignIn(): void {
    replaceFile(this.signIn, readFileSync(this.stored, "utf8"), { mode: 0o600 });
  }

  /** A token as sign-in gives it out: HS256, as the engine takes it (RFC 7515, RFC 7519). */
  token(account: number, scope: string): string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      iss: "hft-engine",
      aud: "hft-engine",
      sub: `account-${account}`,
      account,
      scope,
      iat: now,
      exp: now + LIFETIME_SECONDS,
      // The engine remembers tokens that it has checked; one of a moment ago would not show a key that was withdrawn.
      jti: randomBytes(9).toString("base64url"),
    };
    const text = [{ alg: "HS256", typ: "JWT" }, claims].map((part) => encode(JSON.stringify(part))).join(".");
    const signature = createHmac("sha256", readFileSync(this.signIn, "utf8")).update(text).digest("base64url");
    return `${text}.${signature}`;
  }

  private get stored(): string {
    return join(this.directory, "secrets-manager");
  }

  private get signIn(): string {
    return join(this.directory, "sign-in");
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
