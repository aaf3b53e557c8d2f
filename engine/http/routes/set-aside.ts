import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { clientCommandOf, KeptCommandSchema, presentCommand } from "../../entry/kept-history";
import { FileStorage } from "../../journal/file-storage";
import { listSetAside, markEntered } from "../../journal/set-aside";
import { keptCommands } from "../../journal/set-aside-file";
import type { ApiContext } from "../context";
import { digestField, keptHere, keptNamed } from "../kept-file";
import { Done, operatorRoute } from "./operator-route";

export const OCTETS = "application/octet-stream";
export const SetAsideParams = Type.Object({ name: Type.String({ pattern: "^set-aside-[a-z0-9.-]{1,120}$" }) });
export type Named = { Params: Static<typeof SetAsideParams> };
const Page = Type.Object(
  {
    from: Type.Integer({ minimum: 0, default: 0, description: "Only commands from this sequence on" }),
    count: Type.Integer({ minimum: 1, maximum: 1_000, default: 100 }),
  },
  { additionalProperties: false },
);
const File = Type.Object({
  name: Type.String(),
  firstSequence: Type.Integer(),
  lastSequence: Type.Integer(),
  epoch: Type.Integer(),
  acknowledged: Type.Boolean({ description: "Clients may have been told that these commands are durable" }),
  entered: Type.Boolean({ description: "They were entered again" }),
});
const FILE_BODY = { description: "The file", content: { [OCTETS]: { schema: { type: "string", format: "binary" } } } };

/**
 * Commands that this engine had and the history that goes on has not: to look at, and to fetch for the engine that can
 * enter them again. Whatever role this one has: the one that was left behind is a standby.
 */
export function setAsideRoutes(app: FastifyInstance, { configuration }: ApiContext): void {
  const storage = () => new FileStorage(configuration.journal.directory);
  const params = SetAsideParams;

  app.get(
    "/api/admin/set-aside",
    operatorRoute("set-aside.list", "Commands that are set aside on this engine's disk, by file", Type.Array(File)),
    async () => listSetAside(storage()),
  );

  app.get<Named & { Querystring: Static<typeof Page> }>(
    "/api/admin/set-aside/:name",
    operatorRoute("set-aside.read", "Commands of one file", Type.Array(KeptCommandSchema), {
      params,
      querystring: Page,
    }),
    async (request) => {
      const { from, count } = request.query;
      request.auditDetail = { file: request.params.name };
      const about = keptNamed(storage(), request.params.name);
      const file = storage().open(about.name);
      try {
        const page: Static<typeof KeptCommandSchema>[] = [];
        for (const kept of keptCommands(file, about)) {
          if (page.length === count) break;
          if (kept.sequence >= from) page.push(presentCommand(clientCommandOf(kept)));
        }
        return page;
      } finally {
        file.close();
      }
    },
  );

  app.get<Named>(
    "/api/admin/set-aside/:name/file",
    operatorRoute("set-aside.fetch", "One file, unchanged, for the active engine", FILE_BODY, { params }),
    async (request, reply) => {
      const { about, file, sha256, close } = await keptHere(storage(), request.params.name);
      request.auditDetail = { file: about.name, sha256 };
      reply.header("content-length", file.size()).header("content-digest", digestField(sha256));
      reply.header("content-disposition", `attachment; filename="${about.name}"`).type(OCTETS);
      close();
      return reply.send(createReadStream(join(storage().location, about.name)));
    },
  );

  app.put<Named>(
    "/api/admin/set-aside/:name/entered",
    operatorRoute("set-aside.mark-entered", "Mark this file as entered on another engine", Done, {
      params,
    }),
    async (request) => {
      request.auditDetail = { file: request.params.name };
      markEntered(storage(), keptNamed(storage(), request.params.name));
      return { done: true as const };
    },
  );
}
