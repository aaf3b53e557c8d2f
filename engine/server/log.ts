import pino from "pino";
import type { EngineConfiguration } from "../configuration";

/** Names under which a secret could reach a log line; their values are replaced. */
const SECRET_FIELDS = ["authorization", "cookie", "token", "password", "secret", "idempotency-key"];

/** Structured lines on standard output, one JSON object each. */
export function createLog({ logging, environment, region }: EngineConfiguration) {
  return pino({
    level: logging.level,
    base: { service: "engine", environment, region },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
      censor: "[hidden]",
    },
  });
}
