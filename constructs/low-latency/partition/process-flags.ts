/**
 * Flags of the Node process on a lane. They stand on the command line because NODE_OPTIONS refuses some of them.
 * - A young generation that is large from the start is collected less often.
 * - Without memory reducer V8 starts no collection merely because the engine is idle.
 * - A single-threaded collection does not wake helper threads on other cores.
 * - Node's own code moves to transparent huge pages where the kernel allows it.
 */
export const NODE_FLAGS: readonly string[] = [
  "--min-semi-space-size=64",
  "--max-semi-space-size=64",
  "--no-memory-reducer",
  "--single-threaded-gc",
  "--use-largepages=silent",
];

/**
 * Makes glibc take large blocks and arenas, and with them every ArrayBuffer and SharedArrayBuffer, from the reserved
 * huge pages. Two arenas: each takes whole pages for itself. Needs an image with glibc 2.35 or later.
 */
export const GLIBC_TUNABLES = "glibc.malloc.hugetlb=2:glibc.malloc.arena_max=2";
