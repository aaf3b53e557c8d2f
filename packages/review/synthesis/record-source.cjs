/**
 * Loaded before a synthesis (`node --require`): makes cdktf write down where in the project each construct is made.
 * cdktf leaves a place for it in `//.metadata.stackTrace` and never fills it.
 */
const Module = require("node:module");
const { relative } = require("node:path");

process.setSourceMapsEnabled(true);
/** Deep enough for nested constructs; deeper frames are the app's own start. */
Error.stackTraceLimit = 40;

const root = process.cwd();
const load = Module._load;

Module._load = function loadAndRecord(request, ...rest) {
  const exported = load.call(this, request, ...rest);
  if (request === "constructs" && exported.Node && !exported.Node.recordsSource) record(exported.Node);
  return exported;
};

function record(Node) {
  const addMetadata = Node.prototype.addMetadata;
  Node.recordsSource = true;
  Node.prototype.addMetadata = function addMetadataWithSource(type, data, options) {
    const trace = type === "stacktrace" ? { stackTraceOverride: projectFrames() } : {};
    return addMetadata.call(this, type, data, { ...options, ...trace });
  };
}

/**
 * `file:line` of the project's own frames, innermost first. Source maps are on for this one stack only: an app may have
 * switched them off while it synthesizes, because cdktf takes a stack with every token.
 */
function projectFrames() {
  const wasEnabled = process.sourceMapsEnabled;
  process.setSourceMapsEnabled(true);
  const { stack } = new Error("where");
  process.setSourceMapsEnabled(wasEnabled);
  return stack
    .split("\n")
    .map((line) => /\(?(?:file:\/\/)?(\/[^()]+):(\d+):\d+\)?$/.exec(line))
    .filter((found) => found && !found[1].includes("/node_modules/") && found[1] !== __filename)
    .map(([, file, line]) => `${relative(root, file)}:${line}`)
    .filter((place) => !place.startsWith(".."));
}
