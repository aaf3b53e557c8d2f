const { join } = require("node:path");
const all = require("../../jest.config.json");

/** What `npm run test:integration` runs: the tests that `npm test` leaves out, unless CI is set. */
module.exports = { ...all, rootDir: join(__dirname, "../.."), testMatch: ["**/*.integration.test.ts"] };
