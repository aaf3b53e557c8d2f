import type { FastifyInstance } from "fastify";
import { type Static, Type } from "typebox";
import { FileStorage } from "../../journal/file-storage";
import { listSetAside, markEntered, readSetAside, type SetAside } from "../../journal/set-aside";
import { CommandDouble, CommandType, CommandWord, RejectReason } from "../../protocol";
import type { RecordBuffer } from "../../protocol/record-buffer";
import type { ApiContext } from "../context";
import { isoTime } from "../iso-time";
import { BEARER, problemResponses } from "../openapi";
import { clientOrderIdText } from "../presentation";
import { Problem } from "../problem";

const REFUSALS = problemResponses(400, 401, 403, 404, 409, 429, 503, 504);
const Params = Type.Object({ name: Type.String({ pattern: "^set-aside-[a-z0-9.-]{1,120}$" }) });
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
const KeptCommand = Type.Object({
  sequence: Type.Integer({ description: "In the history that was left" }),
  type: Type.String(),
  account: Type.Integer(),
  clientOrderId: Type.String(),
  at: Type.String(),
});
const Outcome = Type.Object({
  entered: Type.Integer({ description: "Commands that took effect" }),
  known: Type.Integer({ description: "Orders that the history has already, under the same number" }),
  administrative: Type.Integer({ description: "Limits, epochs and switches, which are not entered again" }),
  refused: Type.Array(Type.Object({ sequence: Type.Integer(), reason: Type.String() })),
});

/** What clients send. Limits, switches and epochs belong to the history that was left. */
const CLIENTS_COMMANDS: ReadonlySet<number> = new Set([
  CommandType.NewOrder,
  CommandType.Cancel,
  CommandType.Modify,
  CommandType.CancelAll,
]);
/** Commands that wait for their outcome at once. Their order stays: they go through one queue. */
const UNDER_WAY_MAX = 100;

interface Kept {
  readonly sequence: number;
  readonly type: number;
  readonly account: number;
  readonly clientLow: number;
  readonly clientHigh: number;
  readonly timeMicroseconds: number;
  readonly words: Int32Array;
}

/** Commands that this engine had and the history that goes on has not: to look at, and to enter again. */
export function setAsideRoutes(app: FastifyInstance, context: ApiContext): void {
  const tags = ["admin"];
  const storage = () => new FileStorage(context.configuration.journal.directory);
  const named = (name: string): SetAside => {
    const found = listSetAside(storage()).find((each) => each.name === name);
    if (!found)
      throw new Problem("NOT_FOUND", `no file ${name} is kept aside here; GET /api/admin/set-aside lists them`);
    return found;
  };

  app.get(
    "/api/admin/set-aside",
    {
      config: { scope: "admin", action: "admin.set-aside.list" },
      schema: {
        tags,
        summary: "Commands that are kept aside on this engine's disk, by file",
        security: BEARER,
        response: { 200: Type.Array(File), ...REFUSALS },
      },
    },
    async () => listSetAside(storage()),
  );

  app.get<{ Params: Static<typeof Params>; Querystring: Static<typeof Page> }>(
    "/api/admin/set-aside/:name",
    {
      config: { scope: "admin", action: "admin.set-aside.read" },
      schema: {
        tags,
        summary: "Commands of one file",
        security: BEARER,
        params: Params,
        querystring: Page,
        response: { 200: Type.Array(KeptCommand), ...REFUSALS },
      },
    },
    async (request) => {
      const { from, count } = request.query;
      return keptCommands(storage(), named(request.params.name))
        .filter(({ sequence }) => sequence >= from)
        .slice(0, count)
        .map(({ sequence, type, account, clientLow, clientHigh, timeMicroseconds }) => ({
          sequence,
          type: CommandType[type] ?? String(type),
          account,
          clientOrderId: clientOrderIdText(clientLow, clientHigh),
          at: isoTime(timeMicroseconds),
        }));
    },
  );

  app.post<{ Params: Static<typeof Params> }>(
    "/api/admin/set-aside/:name/enter",
    {
      config: { scope: "admin", action: "admin.set-aside.enter" },
      schema: {
        tags,
        summary: "Enter the commands of one file again, in their order, for the accounts that sent them",
        description:
          "An order that the history has under the same number is left as it is, so a repetition is harmless.",
        security: BEARER,
        params: Params,
        response: { 200: Outcome, ...REFUSALS },
      },
    },
    async (request) => {
      request.auditDetail = { file: request.params.name };
      const file = named(request.params.name);
      const outcome = await enterAgain(keptCommands(storage(), file), context);
      markEntered(storage(), file);
      return outcome;
    },
  );
}

function keptCommands(storage: FileStorage, file: SetAside): Kept[] {
  const kept: Kept[] = [];
  readSetAside(storage, file, ({ words, doubles, recordWords }: RecordBuffer, at, sequence) =>
    kept.push({
      sequence,
      type: words[at]! & 0xff,
      account: words[at + CommandWord.Account]!,
      clientLow: words[at + CommandWord.ClientLow]!,
      clientHigh: words[at + CommandWord.ClientHigh]!,
      timeMicroseconds: doubles[(at >> 1) + CommandDouble.TimeMicroseconds]!,
      words: words.slice(at, at + recordWords),
    }),
  );
  return kept;
}

async function enterAgain(commands: readonly Kept[], { tickets }: ApiContext): Promise<Static<typeof Outcome>> {
  const clients = commands.filter(({ type }) => CLIENTS_COMMANDS.has(type));
  const refused: { sequence: number; reason: string }[] = [];
  let entered = 0;
  let known = 0;
  for (let first = 0; first < clients.length; first += UNDER_WAY_MAX) {
    const part = clients.slice(first, first + UNDER_WAY_MAX);
    const outcomes = await Promise.all(
      part.map(({ words }) =>
        tickets.submit((encoder, index, correlation) => encoder.again(index, words, 0, correlation)),
      ),
    );
    for (const [index, { reason }] of outcomes.entries()) {
      if (reason === RejectReason.None) entered += 1;
      else if (reason === RejectReason.DuplicateOrderId) known += 1;
      else refused.push({ sequence: part[index]!.sequence, reason: RejectReason[reason] });
    }
  }
  return { entered, known, administrative: commands.length - clients.length, refused };
}
