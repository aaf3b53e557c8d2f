import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import type { ApiContext } from "./context";

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
} as const;

/** Beside the bundle that runs; from the source checkout, where the last build has put it. */
const ROOTS = [join(__dirname, "screen"), join(__dirname, "../dist/screen")];

/** The trading screen, built beside the bundle that runs. */
export async function serveScreen(app: FastifyInstance, { log }: ApiContext): Promise<void> {
  const root = ROOTS.find((directory) => existsSync(directory));
  if (!root) {
    log.warn({}, "the trading screen is not built; npm start builds it");
    return;
  }
  await app.register(fastifyStatic, {
    root,
    cacheControl: false,
    setHeaders: (response) => {
      response.headers({ ...HEADERS, "cache-control": "no-cache" });
    },
  });
}
