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
    holds: "what lies on the disk, and the core made of it again",
    mayImport: ["core"],
  },
  model: {
    folders: ["problems", "model", "presentation"],
    holds: "what clients know: instruments, orders, trades, positions, refusals, and how they are written",
    mayImport: ["configuration", "core"],
  },
  runtime: {
    folders: ["tls", "shared-memory", "replication", "threads"],
    holds: "the engine as threads of one process, and as one of a pair",
    mayImport: ["configuration", "core", "durability", "model"],
  },
  telemetry: {
    holds: "log, metrics, clock: what operators see",
    mayImport: ["configuration"],
  },
  adapters: {
    folders: ["adapters", "migrations"],
    holds: "clients of database, cache and broker; the database's schema",
    mayImport: ["configuration"],
  },
  entry: {
    folders: ["access", "audit", "entry"],
    holds: "who may do what, what is written down of it, and orders on their way in",
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
    holds: "the routes and what guards them, the listeners",
    mayImport: ["configuration", "core", "durability", "model", "runtime", "telemetry", "entry", "projections"],
  },
  service: {
    holds: "puts the parts together: the programs, recovery, the stores' wiring",
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
    holds: "the door: what others may use of the engine",
    mayImport: ["configuration", "core", "runtime"],
  },
  build: { folders: ["build", "image"], holds: "the bundle and the image", mayImport: ["runtime"] },
  proof: {
    folders: ["testing", "oracle", "simulator", "bench"],
    holds: "a second engine to compare with, a simulated disk, crashes, loads, benchmarks",
    mayImport: "all",
  },
};
