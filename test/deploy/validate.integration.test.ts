import { readdirSync } from "node:fs";
import { join } from "node:path";
import { requires } from "@hft/testing";
import { environmentInputs } from "../../environments";
import { RehearsedPlatform } from "./rehearsed-platform";

jest.setTimeout(600_000);

/** As many as keep two cores busy. */
const AT_ONCE = 3;

requires("terraform")("terraform validate", () => {
  it("has nothing against any stack of any environment", async () => {
    const platform = await RehearsedPlatform.start();
    try {
      const tree = platform.synthesize(environmentInputs);
      const waiting = readdirSync(join(tree, "stacks"));
      expect(waiting.length).toBeGreaterThan(30);
      const problems: string[] = [];
      const work = async () => {
        for (let stack = waiting.pop(); stack; stack = waiting.pop()) {
          for (const problem of await platform.cloud.validateStack(tree, stack)) problems.push(`${stack}: ${problem}`);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      expect(problems).toEqual([]);
    } finally {
      await platform.stop();
    }
  });
});
