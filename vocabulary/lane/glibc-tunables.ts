/**
 * Makes glibc take large blocks and arenas, and with them every ArrayBuffer and SharedArrayBuffer, from the reserved
 * huge pages. Two arenas: each takes whole pages for itself. Needs an image with glibc 2.35 or later.
 */
export const GLIBC_TUNABLES = "glibc.malloc.hugetlb=2:glibc.malloc.arena_max=2";
