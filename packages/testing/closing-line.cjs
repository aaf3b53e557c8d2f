/**
 * Ends a test run with one plain line that any CI understands, behind jest's own summary: `120 passed, 0 failed, 2
 * skipped`.
 */
module.exports = class ClosingLine {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) {
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    process.once("exit", () => {
      process.stdout.write(`\n${numPassedTests} passed, ${failed} failed, ${numPendingTests} skipped\n`);
    });
  }
};
