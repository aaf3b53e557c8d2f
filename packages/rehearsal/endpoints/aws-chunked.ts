/**
 * Content of a body in AWS's chunked upload form: `<hex length>[;signature]\r\n<bytes>\r\n`, ended by a chunk of length
 * 0.
 */
export function decodeChunks(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let position = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", position);
    if (lineEnd < 0) throw new Error("a chunked upload ends without its last chunk");
    const length = Number.parseInt(body.toString("latin1", position, lineEnd), 16);
    if (length === 0) return Buffer.concat(chunks);
    const start = lineEnd + 2;
    chunks.push(body.subarray(start, start + length));
    position = start + length + 2;
  }
}
