import { once } from "node:events";
import type { Server } from "node:net";
import type { FastifyInstance } from "fastify";
import { ConfigurationError } from "../configuration";

/** Where a port is opened. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Opens the API's port in plain text, or says which field of the configuration has to change. */
export async function listen(app: FastifyInstance, { host, port }: ListenAddress): Promise<void> {
  await explaining("http", { host, port }, () => app.listen({ host, port }));
}

/** The same for the listener over TLS. */
export async function listenSecurely(server: Server, { host, port }: ListenAddress): Promise<void> {
  await explaining("http.secure", { host, port }, () => once(server.listen({ host, port }), "listening"));
}

async function explaining(group: string, address: ListenAddress, open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, group, address);
  }
}

/** Errors of bind(2) that a configuration can mend. */
function explained(error: NodeJS.ErrnoException, group: string, { host, port }: ListenAddress): Error {
  const wrong = (field: string, message: string) =>
    new ConfigurationError("configuration", [{ field: `${group}.${field}`, message }]);
  switch (error.code) {
    case "EADDRINUSE":
      return wrong(
        "port",
        `${port} on ${host} is in use, perhaps by an engine that is still running; stop it, or choose another port`,
      );
    case "EACCES":
      return wrong("port", `${port} needs privileges that this user does not have; choose a port above 1023`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return wrong("host", `${host} is not an address of this machine; choose one of its addresses`);
    default:
      return error;
  }
}
