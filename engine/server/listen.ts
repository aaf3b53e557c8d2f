import type { FastifyInstance } from "fastify";
import { ConfigurationError, type EngineConfiguration } from "../configuration";

type Http = Pick<EngineConfiguration["http"], "host" | "port">;

/** Opens the port, or says which field of the configuration has to change. */
export async function listen(app: FastifyInstance, { host, port }: Http): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw explained(error as NodeJS.ErrnoException, { host, port });
  }
}

/** Errors of bind(2) that a configuration can mend. */
function explained(error: NodeJS.ErrnoException, { host, port }: Http): Error {
  const wrong = (field: string, message: string) => new ConfigurationError("configuration", [{ field, message }]);
  switch (error.code) {
    case "EADDRINUSE":
      return wrong(
        "http.port",
        `${port} on ${host} is in use, perhaps by an engine that still runs; stop it, or choose another port`,
      );
    case "EACCES":
      return wrong("http.port", `${port} needs privileges that this user lacks; choose one above 1023`);
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return wrong("http.host", `${host} is no address of this machine; choose one that it has`);
    default:
      return error;
  }
}
