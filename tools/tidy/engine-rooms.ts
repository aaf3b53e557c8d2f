import type { Room } from "./rooms";

/**
 * The rooms inside the engine, from the ground up: no room imports one that stands below it in this table.
 * ARCHITECTURE.md prints it, and `rooms.test.ts` holds every import of the engine against it.
 */
export const ENGINE_ROOMS: Readonly<Record<string, Room>> = {
  configuration: {
    holds: "the schema of its configuration, and the list of its metrics",
    mayImport: [],
  },
  core: {
    folders: ["protocol", "book", "risk", "matching"],
    holds: "commands in, events out: formats, books, limits, rules; no clock, no file, no thread",
    mayImport: [],
  },
  durability: {
    folders: ["data-directory", "journal", "snapshot", "replay"],
    holds: "what is on disk, and how the core is recovered from it",
    mayImport: ["core"],
  },
  model: {
    folders: ["problems", "model", "presentation"],
    holds: "what clients see: instruments, orders, trades, positions, refusals, and their representation",
    mayImport: ["configuration", "core"],
  },
  runtime: {
    folders: ["tls", "shared-memory", "replication", "threads"],
    holds: "the threads of an engine, and replication between a pair",
    mayImport: ["configuration", "core", "durability", "model"],
  },
  telemetry: {
    holds: "log, metrics and clock, for operators",
    mayImport: ["configuration"],
  },
  adapters: {
    folders: ["adapters", "migrations"],
    holds: "clients of database, cache and broker; the database's schema",
    mayImport: ["configuration"],
  },
  entry: {
    folders: ["access", "audit", "entry"],
    holds: "authorisation, the audit log, and order entry",
    mayImport: ["configuration", "core", "durability", "model", "runtime", "telemetry", "adapters"],
  },
  projections: {
    holds: "the stores that follow the journal",
    mayImport: ["configuration", "core", "durability", "model", "runtime", "telemetry", "adapters", "entry"],
  },
  "web-socket": {
    holds: "connections at /ws: sessions, streams, binary orders",
    mayImport: ["configuration", "core", "model", "runtime", "telemetry", "entry"],
  },
  http: {
    holds: "the routes, the guard in front of them, and the listeners",
    mayImport: ["configuration", "core", "durability", "model", "runtime", "telemetry", "entry", "projections"],
  },
  service: {
    holds: "the programs, recovery, and how the parts and stores are connected",
    mayImport: [
      "configuration",
      "core",
      "durability",
      "model",
      "runtime",
      "telemetry",
      "adapters",
      "entry",
      "projections",
      "web-socket",
      "http",
    ],
  },
  screen: { holds: "the trading screen, for the browser", mayImport: [] },
  index: {
    holds: "the entry point: what other modules may use of the engine",
    mayImport: ["configuration", "core", "runtime"],
  },
  build: { folders: ["build", "image"], holds: "the bundle and the image", mayImport: ["runtime"] },
  proof: {
    folders: ["testing", "oracle", "simulator", "bench"],
    holds: "a naive engine for comparison, a simulated disk, crash tests, loads, benchmarks",
    mayImport: "all",
  },
};
