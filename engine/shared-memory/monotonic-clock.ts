const { hrtime } = process;

/**
 * Milliseconds of the machine's monotonic clock: the same in all threads. `performance.now` would leave a number of
 * 16 bytes with each call, even in compiled code (a garbage collection every few milliseconds in a loop that waits for
 * work); `process.hrtime` is compiled into its caller, and its array with it, so that nothing remains. Both measured
 * on Node 22: 0 bytes and 28 ns against 16 bytes and 45 ns.
 */
export function monotonicMs(): number {
  const time = hrtime();
  return time[0] * 1e3 + time[1] / 1e6;
}
