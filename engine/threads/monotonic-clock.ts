/**
 * Milliseconds of the machine's monotonic clock: the same in all threads. `performance.now` makes no garbage but
 * counts from each thread's own start, so the difference to the common clock is taken once.
 */
const start = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const monotonicMs = (): number => start + performance.now();
