import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { SharedControl } from "./shared-control";
import { Sequence, SHARED_SEQUENCES_BYTES, SharedSequences } from "./shared-sequences";

describe("a shared sequence", () => {
  it.each([0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 5, 2 ** 53 - 1])("holds %d", (value) => {
    const sequences = new SharedSequences(new SharedArrayBuffer(SHARED_SEQUENCES_BYTES), 0);
    sequences.publish(Sequence.PeerDurable, value);
    expect(sequences.read(Sequence.PeerDurable)).toBe(value);
    expect(sequences.read(Sequence.LocalDurable)).toBe(0);
  });

  it("is never read half: a writer on another thread goes over the boundary of its words all the time", async () => {
    const { buffer } = new SharedControl();
    const control = new SharedControl(buffer);
    // The same writes as `publish`, in a thread: two values whose words mixed would be neither of them.
    const [low, high] = [2 ** 32 - 1, 2 ** 33];
    const writer = new Worker(
      `const { parentPort, workerData: { buffer, at } } = require("node:worker_threads");
       const words = new Int32Array(buffer, at);
       for (let turn = 0; ; turn += 1) {
         if (turn === 1) parentPort.postMessage("writing");
         for (const value of [${low}, ${high}]) {
           Atomics.add(words, 0, 1);
           Atomics.store(words, 2, Math.floor(value / 2 ** 32));
           Atomics.store(words, 1, value | 0);
           Atomics.add(words, 0, 1);
         }
       }`,
      { eval: true, workerData: { buffer, at: control.counters.byteLength } },
    );
    await once(writer, "message");
    const seen = new Set<number>();
    const deadline = Date.now() + 20_000;
    for (let look = 0; (look < 50_000 || seen.size < 2) && Date.now() < deadline; look += 1)
      seen.add(control.localDurable);
    await writer.terminate();
    expect([...seen].sort((a, b) => a - b)).toEqual([low, high]);
  });
});
