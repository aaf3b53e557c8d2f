/**
 * `describe` for a suite that needs an outside program. Without it the suite is skipped and says why; in CI, where
 * everything is installed beforehand, it fails: a claim that nobody tried must not look like one that holds.
 * @param missing what is not there and how to get it, or undefined when all is there
 */
export function suiteThatNeeds(missing: string | undefined, isCi = Boolean(process.env.CI)): Suite {
  if (missing === undefined) return describe;
  if (isCi) {
    return (title) =>
      describe(title, () => {
        it("has the programs that it needs", () => {
          throw new Error(`${missing}; in CI nothing is skipped for that`);
        });
      });
  }
  process.stderr.write(`skipped: ${missing}\n`);
  return describe.skip;
}

/** `it` for a single test that needs something of the machine; as `suiteThatNeeds`. */
export function testThatNeeds(missing: string | undefined, isCi = Boolean(process.env.CI)): Test {
  if (missing === undefined) return it;
  if (isCi) {
    return (title) =>
      it(title, () => {
        throw new Error(`${missing}; in CI nothing is skipped for that`);
      });
  }
  process.stderr.write(`skipped: ${missing}\n`);
  return it.skip;
}

/** Adds one test. */
export type Test = (title: string, body: () => Promise<void>) => void;

/** Adds one group of tests. */
export type Suite = (title: string, body: () => void) => void;

/**
 * For a test that is a program of its own: says that it cannot run, and ends as a suite would that needs the same.
 * @param program its script, `test:boot`
 */
export function endWithout(program: string, missing: string, isCi = Boolean(process.env.CI)): void {
  console.log(`${program}: ${isCi ? "failed" : "skipped"}: ${missing}`);
  console.log(isCi ? "0 passed, 1 failed" : "0 passed, 0 failed, 1 skipped");
  if (isCi) process.exitCode = 1;
}
