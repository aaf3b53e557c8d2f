const { TestEnvironment } = require("jest-environment-node");

/**
 * Tests read what the programs print, so they read it without colours whatever the machine says: a terminal's and a
 * CI's settings (`FORCE_COLOR`, which jest gives its workers on a terminal, and `CI`, which picocolors takes for a wish
 * for colours) do not reach the code under test nor the programs it starts. They inherit the worker's own environment,
 * not the sandbox's copy, so both change here.
 */
module.exports = class PlainOutputEnvironment extends TestEnvironment {
  constructor(config, context) {
    delete process.env.FORCE_COLOR;
    process.env.NO_COLOR = "1";
    super(config, context);
  }
};
