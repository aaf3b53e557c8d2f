import { readFileSync } from "node:fs";
import { withGeneratedParts } from "./architecture";

describe("ARCHITECTURE.md", () => {
  it("shows rooms and stacks as the code has them (else run npm run docs:architecture)", () => {
    const document = readFileSync("ARCHITECTURE.md", "utf8");
    expect(withGeneratedParts(document)).toBe(document);
  });
});
