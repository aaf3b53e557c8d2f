import { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { storableJson } from "./storable-json";

/** Generous: machines that build are busy, and nothing here is about time. */
jest.setTimeout(120_000);

const RUNS = 40;

const strings = fc.string({ unit: "binary", maxLength: 12 });
/** NUL, halves of characters, a byte order mark, line ends of every kind, and texts that look like escapes. */
const odd = fc.constantFrom("\0", "\ud800", "\udc00x", "\ufeff", "\r\n", "\u2028", "\\u0000", "\\", '"', "\uffff");

describe("storableJson", () => {
  it("is one line that PostgreSQL takes and gives back, whatever a client sends", async () => {
    const database = await PGlite.create();
    const text = fc.array(fc.oneof(strings, odd)).map((parts) => parts.join(""));
    const values = fc.dictionary(text, fc.oneof(text, fc.double(), fc.boolean(), fc.constant(null)), { maxKeys: 4 });
    const stored = (json: string) =>
      database.query<{ t: string; j: unknown }>(
        `SELECT a.t, a.j::text AS j FROM json_to_recordset($1::json) AS a(t text, j jsonb)`,
        [`[{"t":${json === "{}" ? '""' : JSON.stringify(json)},"j":${json}}]`],
      );
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const json = storableJson(value);
        expect(json).not.toMatch(/[\r\n\0]/);
        expect((await stored(json)).rows).toHaveLength(1);
      }),
      { numRuns: RUNS },
    );
    // What nobody has to change stays as it is.
    expect(storableJson({ note: "\\u0000 is written so" })).toBe(JSON.stringify({ note: "\\u0000 is written so" }));
    await expect(stored(JSON.stringify({ note: "\0" }))).rejects.toThrow(/unicode/i);
    await database.close();
  });
});
