import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import type { EngineConfiguration } from "../configuration";
import { createOnce } from "../data-directory/create-once";
import { readSecret } from "./signing-keys";
import { signToken } from "./tokens";

type Jwt = EngineConfiguration["http"]["jwt"];

const BARE_MACHINE_SECRET = "data/token-key";
const SECRET_BYTES = 48;
const DEVELOPMENT_TOKEN_SECONDS = 12 * 3600;
/** The account that the local screen trades for. */
const DEVELOPMENT_ACCOUNT = 1;

/**
 * Without keys of its own a bare machine gets a random secret, kept for the next start. Production never comes here.
 */
export function withTokenSecret(jwt: Jwt): Jwt {
  if (jwt.jwksUrl !== undefined || jwt.secretFile !== undefined) return jwt;
  if (!existsSync(BARE_MACHINE_SECRET))
    createOnce(BARE_MACHINE_SECRET, randomBytes(SECRET_BYTES).toString("base64url"));
  return { ...jwt, secretFile: BARE_MACHINE_SECRET };
}

/** Signs a token for whoever opens the local screen. Only where the configuration allows it. */
export function developmentTokens(jwt: Jwt): (() => Promise<string>) | undefined {
  const { developmentTokens: allowed, secretFile } = jwt;
  if (!allowed || secretFile === undefined) return undefined;
  return () =>
    signToken(jwt, readSecret(secretFile), {
      subject: "local-developer",
      account: DEVELOPMENT_ACCOUNT,
      scopes: ["read", "trade", "admin"],
      lifetimeSeconds: DEVELOPMENT_TOKEN_SECONDS,
    });
}
