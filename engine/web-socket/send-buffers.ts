/** One write to a socket; small enough to be reused soon, large enough that its cost is spread over many events. */
const BUFFER_BYTES = 65_536;
/** Buffers kept for the next answers: more are only in use while clients read slowly. */
const KEPT_MAX = 64;

/**
 * Memory that answers wait in until their sockets have taken them. A new buffer for each answer would be memory
 * outside of the heap that only a full collection gives back.
 */
export class SendBuffers {
  private readonly free: Buffer[] = [];

  /** Hands out copies of these bytes in pieces of whole records; each piece comes back through its `done`. */
  copy(bytes: Uint8Array, recordBytes: number, send: (piece: Buffer, done: () => void) => void): void {
    const pieceBytes = Math.floor(BUFFER_BYTES / recordBytes) * recordBytes;
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const buffer = this.free.pop() ?? Buffer.allocUnsafeSlow(BUFFER_BYTES);
      const length = Math.min(pieceBytes, bytes.length - at);
      buffer.set(length === bytes.length ? bytes : bytes.subarray(at, at + length));
      send(buffer.subarray(0, length), () => {
        if (this.free.length < KEPT_MAX) this.free.push(buffer);
      });
    }
  }
}
