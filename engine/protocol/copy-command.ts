/** Copies the 16 words of a command. Written out: a loop would look for its end and for interrupts after each word. */
export function copyCommand(from: Int32Array, at: number, to: Int32Array, toAt: number): void {
  to[toAt] = from[at]!;
  to[toAt + 1] = from[at + 1]!;
  to[toAt + 2] = from[at + 2]!;
  to[toAt + 3] = from[at + 3]!;
  to[toAt + 4] = from[at + 4]!;
  to[toAt + 5] = from[at + 5]!;
  to[toAt + 6] = from[at + 6]!;
  to[toAt + 7] = from[at + 7]!;
  to[toAt + 8] = from[at + 8]!;
  to[toAt + 9] = from[at + 9]!;
  to[toAt + 10] = from[at + 10]!;
  to[toAt + 11] = from[at + 11]!;
  to[toAt + 12] = from[at + 12]!;
  to[toAt + 13] = from[at + 13]!;
  to[toAt + 14] = from[at + 14]!;
  to[toAt + 15] = from[at + 15]!;
}
