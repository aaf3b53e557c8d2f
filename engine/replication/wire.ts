import type { Socket } from "node:net";
import type { Versions } from "./versions";

/**
 * Frames between two engines:
 *
 *   │ payload length (u32) │ kind (u32) │ value (f64) │ payload … │
 */
export enum FrameKind {
  /** Standby: "I have everything up to `value`"; payload: Introduction. */
  Hello = 1,
  /** Leader: "blocks from `value` on will follow". */
  Follow = 2,
  /** Leader: "what you have after `value` never counted: cut it off and come again". */
  Cut = 3,
  /** Leader: "my journal does not go back far enough: here is a snapshot"; payload: the file; value: its sequence. */
  Snapshot = 4,
  /** Whoever is asked: "not with me"; payload: Introduction of the one who refuses, with a reason. */
  Refused = 5,
  /** Leader: a block of the journal as it lies on the disk. */
  Block = 6,
  /** Standby: everything up to `value` is durable here. */
  Acknowledged = 7,
  Heartbeat = 8,
  /** A leader: "epoch `value` has begun; whoever leads an older one is fenced". */
  Fence = 9,
  /** Whoever is told so: it is noted. Payload: Introduction. */
  FenceObeyed = 10,
  /** A standby that is to be promoted: "how far are you?" */
  AskPosition = 11,
  /** Whoever is asked; payload: Position. */
  Position = 12,
  /** Leader, before it stops: "I end with command `value`, and you have said that it is durable there". */
  Ended = 13,
  /** Leader, before a snapshot; payload: Introduction. */
  Leads = 14,
}

/** How far an engine is, for a standby that wants to go on in its place. */
export interface LeaderProgress {
  readonly role: Introduction["role"];
  readonly epoch: number;
  /** Newest command that it may have acknowledged as durable. */
  readonly acknowledged: number;
  /** Nothing is acknowledged without the standby. */
  readonly attached: boolean;
}

/** What an engine says of itself. */
export interface Introduction extends Versions {
  readonly role: "active" | "standby" | "fenced" | "failed";
  /** Of its newest command. */
  readonly epoch: number;
  /** Newest epoch that it knows of, whoever leads in it. */
  readonly knownEpoch?: number;
  /** Newest command that is durable there. */
  readonly sequence?: number;
  /** Of a standby: checksum of the newest command that it has (see commandMark). */
  readonly mark?: number;
  readonly capacity: string;
  readonly reason?: string;
}

export interface Frame {
  readonly kind: FrameKind;
  readonly value: number;
  readonly payload: Uint8Array;
}

const HEADER_BYTES = 16;
/** A snapshot is the largest payload. */
const MAX_PAYLOAD_BYTES = 2 ** 31 - 1;
const NOTHING = new Uint8Array(0);

/** Sends a frame; false when the socket wants the sender to wait for "drain". */
export function send(socket: Socket, kind: FrameKind, value: number, payload: Uint8Array = NOTHING): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(kind, 4);
  header.writeDoubleLE(value, 8);
  if (payload.length === 0) return socket.write(header);
  socket.cork();
  socket.write(header);
  // The payload may lie in a buffer that is read into again before the socket has sent it.
  const fine = socket.write(Buffer.from(payload));
  socket.uncork();
  return fine;
}

export const sendIntroduction = (socket: Socket, kind: FrameKind, value: number, said: Introduction): boolean =>
  send(socket, kind, value, Buffer.from(JSON.stringify(said)));

export const readIntroduction = (frame: Frame): Introduction =>
  JSON.parse(Buffer.from(frame.payload).toString()) as Introduction;

export const sendPosition = (socket: Socket, position: LeaderProgress): boolean =>
  send(socket, FrameKind.Position, position.acknowledged, Buffer.from(JSON.stringify(position)));

export const readPosition = (frame: Frame): LeaderProgress =>
  JSON.parse(Buffer.from(frame.payload).toString()) as LeaderProgress;

/** Puts the bytes of a socket together to frames. A payload is aligned, so that it can be read as records. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private length = 0;

  constructor(private readonly onFrame: (frame: Frame) => void) {}

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.length += chunk.length;
    while (this.length >= HEADER_BYTES) {
      const header = this.peekHeader();
      const size = header.readUInt32LE(0);
      if (size > MAX_PAYLOAD_BYTES) throw new Error(`a frame of ${size} bytes`);
      if (this.length < HEADER_BYTES + size) return;
      const bytes = this.take(HEADER_BYTES + size);
      const payload = new Uint8Array(new ArrayBuffer(size));
      payload.set(bytes.subarray(HEADER_BYTES));
      this.onFrame({ kind: header.readUInt32LE(4), value: header.readDoubleLE(8), payload });
    }
  }

  private peekHeader(): Buffer {
    if (this.chunks[0]!.length < HEADER_BYTES) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!.subarray(0, HEADER_BYTES);
  }

  private take(size: number): Buffer {
    const all = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks);
    this.length -= size;
    this.chunks = this.length > 0 ? [all.subarray(size)] : [];
    return all.subarray(0, size);
  }
}
