const { join } = require("node:path");
const all = require("../../jest.config.json");

/**
 * What `npm test` runs: all tests but those that start databases, browsers, engines of several processes or Terraform.
 * Those lie in `*.integration.test.ts`. With CI set nothing is left out.
 */
module.exports = {
  ...all,
  rootDir: join(__dirname, "../.."),
  testPathIgnorePatterns: [...all.testPathIgnorePatterns, ...(process.env.CI ? [] : ["\\.integration\\.test\\.ts$"])],
};
