import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { KeptHistory, presentCommand } from "../../entry/kept-history";
import { REENTRY_RESULTS, Reentry } from "../../entry/reentry";
import { FileStorage } from "../../journal/file-storage";
import { listSetAside, markEntered } from "../../journal/set-aside";
import { damageOf, keptCommands } from "../../journal/set-aside-file";
import { Problem } from "../../problems/problem";
import type { ApiContext } from "../context";
import { ContentDigest, isNamed, type KeptFile, keptElsewhere, keptHere } from "../kept-file";
import { operatorRoute } from "./operator-route";
import { type Named, OCTETS, SetAsideParams } from "./set-aside";

const LINES = "application/x-ndjson";
/**
 * A million commands. They are in memory while they are entered; a larger file is copied to the active engine's disk.
 */
const BODY_BYTES_MAX = 64 * 2 ** 20;
const Query = Type.Object(
  {
    unknownOutcomes: Type.Optional(
      Type.Literal("enter", {
        description: "Also enter commands whose outcome the file does not record",
      }),
    ),
  },
  { additionalProperties: false },
);
const OUTCOME_LINES = {
  description:
    `A line of JSON for each command: sequence, type, account, clientOrderId, result (${REENTRY_RESULTS.join(", ")}), ` +
    "reason if it was refused, now or before: a command that the old engine had refused, or an order that it had ended itself without a trade, is not entered (refused-before). Administrative commands (limits, switches, epochs) are not entered. The last line counts " +
    "the results, and has a warning if outcomes were unknown; if it contains a problem, the rest was not entered, and the request can be repeated.",
  content: { [LINES]: { schema: { type: "string" } } },
};

/**
 * Entering the commands of a file again. The engine whose disk has the file is rarely the one that can do it: it was
 * left behind, and stands by. So a file of another engine comes as the body.
 */
export async function setAsideEntryRoute(app: FastifyInstance, context: ApiContext): Promise<void> {
  const { core, configuration } = context;
  // Nothing else takes a body that is not JSON, and this takes no JSON.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(OCTETS, { parseAs: "buffer", bodyLimit: BODY_BYTES_MAX }, (_request, body, done) =>
    done(null, body),
  );
  let isEntering = false;
  type Asked = Named & {
    Body: Buffer | undefined;
    Headers: Static<typeof ContentDigest>;
    Querystring: Static<typeof Query>;
  };
  app.post<Asked>(
    "/api/admin/set-aside/:name/enter",
    {
      ...operatorRoute(
        "set-aside.enter",
        "Enter the commands of one file again, for the accounts that sent them",
        OUTCOME_LINES,
        {
          description:
            "On the active engine: a file on its own disk, or another engine's file as the body. The whole file is " +
            "checked before its first command is entered. A repetition changes nothing.",
          params: SetAsideParams,
          headers: ContentDigest,
          querystring: Query,
          consumes: [OCTETS],
        },
      ),
      bodyLimit: BODY_BYTES_MAX,
    },
    async (request, reply) => {
      const { name } = request.params;
      request.auditDetail = { file: name };
      if (core.role !== "active") throw new Problem("NOT_ACTIVE");
      if (!core.restoredIsDurable) throw new Problem("UNCONFIRMED");
      if (isEntering) throw new Problem("ALREADY_ENTERING");
      isEntering = true;
      const { body, headers } = request;
      let kept: KeptFile | undefined;
      const end = () => {
        isEntering = false;
        kept?.close();
      };
      try {
        kept = body ? keptElsewhere(name, body, headers) : await keptHere(storageOf(configuration), name);
        const { about, file, sha256 } = kept;
        const damage = damageOf(file, about);
        if (damage !== undefined) throw new Problem("FILE_DAMAGED", `${name}: ${damage}`);
        const history = new KeptHistory(keptCommands(file, about));
        const { commands, unknownOutcomes } = history;
        request.auditDetail = { file: about.name, sha256, commands, unknownOutcomes };
        if (unknownOutcomes > 0 && request.query.unknownOutcomes !== "enter") {
          throw new Problem(
            "OUTCOMES_UNKNOWN",
            `${name}: ${unknownOutcomes} of ${commands} commands; nothing was entered`,
          );
        }
        const lines = outcomeLines(context, request, kept, history, end);
        return reply.type(LINES).send(Readable.from(lines, { objectMode: false }));
      } catch (error) {
        end();
        throw error;
      }
    },
  );
}

const storageOf = ({ journal }: ApiContext["configuration"]): FileStorage => new FileStorage(journal.directory);

/** Enters while the answer is read. The audit has the beginning by then; this adds what came of it. */
async function* outcomeLines(
  context: ApiContext,
  request: FastifyRequest,
  { about, file, sha256 }: KeptFile,
  history: KeptHistory,
  onEnd: () => void,
): AsyncGenerator<string> {
  const counts = Object.fromEntries(REENTRY_RESULTS.map((result) => [result, 0]));
  let outcome = "interrupted";
  try {
    const reentry = new Reentry(context.views, context.tickets, history, about.entered);
    for await (const { command, ...became } of reentry.run(keptCommands(file, about))) {
      counts[became.result] = (counts[became.result] ?? 0) + 1;
      yield line({ ...presentCommand(command), ...became });
    }
    outcome = "done";
    markOwn(storageOf(context.configuration), about.name);
    yield line({ file: about.name, ...counts, ...warningOf(history) });
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem("INTERNAL");
    outcome = problem.code;
    if (problem !== error) context.log.error({ error: (error as Error).stack }, "entering set-aside commands failed");
    yield line({ file: about.name, ...counts, problem: problem.body(request.id) });
  } finally {
    onEnd();
    const detail = JSON.stringify({ file: about.name, sha256, ...counts });
    const { identity, id, ip: address } = request;
    context.audit.record(identity, "admin.set-aside.entered", outcome, id, { address, detail });
  }
}

const warningOf = ({ unknownOutcomes }: KeptHistory) =>
  unknownOutcomes === 0
    ? {}
    : {
        warning:
          `the file does not record whether the old engine had refused ${unknownOutcomes} of its commands: of those that ` +
          "were accepted now, compare the ones with outcome unknown with what their clients were told",
      };

const line = (record: object): string => `${JSON.stringify(record)}\n`;

function markOwn(storage: FileStorage, name: string): void {
  const own = listSetAside(storage).find((each) => isNamed(each, name));
  if (own) markEntered(storage, own);
}
