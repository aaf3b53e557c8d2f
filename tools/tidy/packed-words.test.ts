import { readFileSync } from "node:fs";
import { ENGINE, isTestCode, sourceFiles } from "./houses";

/** Where a word is packed: of messages and events, and of the order store's own status. */
const HOMES = ["engine/protocol/packed-words.ts", "engine/book/order-store.ts"];
/** The oracle reads words by itself: it is there to disagree. */
const APART = /^engine\/oracle\//;
/** A byte taken out of a word, or a named word that is shifted. */
const UNPACKING = /& 0xff\b|>>> 24\b|\]! >>> (8|16)\b|\b(header|traits|detail) >>>/;

describe("packed words of the engine", () => {
  it("are taken apart in their homes alone", () => {
    const files = sourceFiles(ENGINE).filter((file) => !isTestCode(file) && !APART.test(file) && !HOMES.includes(file));
    const elsewhere = files.flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line, index) => (UNPACKING.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(elsewhere).toEqual([]);
  });
});
