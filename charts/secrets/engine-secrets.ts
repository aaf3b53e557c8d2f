import type { Construct } from "constructs";
import { ENGINE_SECRET_FILES } from "../engine/engine-configuration";
import type { Site } from "../site";
import { declareExternalSecret, regionSecret, sharedSecret } from "./secret-store";

/** Name and keys of the Secret with which jobs sign in to the database. */
export const DATABASE_LOGIN = { name: "database-login", user: "username", password: "password" } as const;
/** Secret of the engine's pods. */
export const ENGINE_SECRET = "engine-secrets";

const DATABASE = "database";

/** What the engine and the jobs around its data need to know and nobody else. */
export function declareTradingSecrets(scope: Construct, site: Site): void {
  const database = regionSecret(site, DATABASE);
  declareExternalSecret(
    scope,
    { name: ENGINE_SECRET, namespace: "trading" },
    {
      [ENGINE_SECRET_FILES.database]: { secret: database },
      [ENGINE_SECRET_FILES.tokens]: { secret: sharedSecret(site, "engine-token-key"), field: "password" },
    },
  );
  declareExternalSecret(
    scope,
    { name: DATABASE_LOGIN.name, namespace: "trading" },
    {
      [DATABASE_LOGIN.user]: { secret: database, field: "username" },
      [DATABASE_LOGIN.password]: { secret: database, field: "password" },
    },
  );
}
