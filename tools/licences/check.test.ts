import { readFileSync } from "node:fs";
import { isAccepted, unacceptable } from "./check";

describe("licences", () => {
  it("are all accepted, of everything that is installed for use", () => {
    expect(unacceptable(JSON.parse(readFileSync("package-lock.json", "utf8")).packages)).toEqual([]);
  });

  it("name a package whose licence is not accepted, but not one for development only", () => {
    const packages = {
      "node_modules/copyleft": { version: "1.0.0", license: "AGPL-3.0-only" },
      "node_modules/a/node_modules/silent": { version: "2.0.0" },
      "node_modules/tool": { version: "3.0.0", license: "AGPL-3.0-only", dev: true },
    };
    expect(unacceptable(packages)).toEqual(["copyleft@1.0.0: AGPL-3.0-only", "silent@2.0.0: no licence"]);
  });

  it.each([
    ["(MIT OR GPL-3.0-only)", true],
    ["MIT AND GPL-3.0-only", false],
    ["Apache-2.0", true],
  ])("read %s as accepted: %p", (expression, accepted) => {
    expect(isAccepted(expression)).toBe(accepted);
  });
});
