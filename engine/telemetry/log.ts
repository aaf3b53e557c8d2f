import pino from "pino";
import type { EngineConfiguration } from "../configuration";
import { LogOutput } from "./log-output";

/** What the parts of the service write their log to. */
export interface Log {
  info(record: object, message: string): void;
  warn(record: object, message: string): void;
  error(record: object, message: string): void;
  /** An audit record as the bytes of its JSON, which are good for this call, and its time. */
  audit(record: Uint8Array, at: string): void;
}

/** Names under which a secret could reach a log line; their values are replaced. */
const SECRET_FIELDS = ["authorization", "cookie", "token", "password", "secret", "idempotency-key"];

const AUDIT_END = Buffer.from(',"msg":"audit"}\n');

/** Structured lines on standard output, one JSON object each. */
export function createLog({ logging, environment, region }: EngineConfiguration): Log {
  const output = new LogOutput();
  const base = { service: "engine", environment, region };
  const log = pino(
    {
      level: logging.level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: SECRET_FIELDS.flatMap((field) => [`["${field}"]`, `*["${field}"]`, `*.*["${field}"]`]),
        censor: "[hidden]",
      },
    },
    output,
  );
  const start = `{"level":"info",${JSON.stringify(base).slice(1, -1)},"time":"`;
  let newest = "";
  let head = Buffer.alloc(0);
  const headAt = (at: string): Buffer => {
    if (at !== newest) head = Buffer.from(`${start}${at}","audit":`);
    newest = at;
    return head;
  };
  return {
    info: (record, message) => log.info(record, message),
    warn: (record, message) => log.warn(record, message),
    error: (record, message) => log.error(record, message),
    // Checked fields only, so nothing has to be searched for secrets: that would cost more than entering the order.
    audit: log.isLevelEnabled("info") ? (record, at) => output.writeBytes(headAt(at), record, AUDIT_END) : () => {},
  };
}
