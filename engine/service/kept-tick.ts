import { createHook } from "node:async_hooks";

let kept: object | undefined;

/**
 * Keeps one object of `process.nextTick` for as long as the process lives; an order takes five of them through Node's
 * streams. Their literal has computed names, and V8 stores those quickly only while each object has the hidden classes
 * of the first one. A collection of the whole heap that finds none of these objects takes the classes away, and from
 * then on each tick costs calls into V8's runtime and three to four times the CPU time
 * (findings/ticks-slow-after-collection.sh).
 * To be called before the first such collection.
 */
export function keepTick(): void {
  if (kept) return;
  // The only way to such an object that costs nothing later: `executionAsyncResource` slows down every callback for
  // good.
  const hook = createHook({
    init: (_id, type, _trigger, resource) => {
      if (type === "TickObject") kept = resource;
    },
  });
  hook.enable();
  process.nextTick(() => {});
  hook.disable();
}
