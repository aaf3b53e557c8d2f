import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

const HEADER_BYTES = 12;
const TYPE_A = 1;
const CLASS_IN = 1;
const TTL_SECONDS = 1;

/**
 * A name server for tests: answers questions for IPv4 addresses (RFC 1035, section 4) out of a table that a test may
 * change.
 */
export class StubNames {
  readonly addresses = new Map<string, readonly string[]>();
  private socket!: Socket;

  async start(): Promise<this> {
    this.socket = createSocket("udp4");
    this.socket.on("message", (question, { port, address }) => this.socket.send(this.answer(question), port, address));
    this.socket.bind(0, "127.0.0.1");
    await once(this.socket, "listening");
    return this;
  }

  /** As nginx's `resolver` wants it. */
  get address(): string {
    return `127.0.0.1:${(this.socket.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.socket.close();
  }

  private answer(question: Buffer): Buffer {
    const { name, end } = nameIn(question);
    const isForIpv4 = question.readUInt16BE(end) === TYPE_A;
    const found = isForIpv4 ? (this.addresses.get(name) ?? []) : [];
    const header = Buffer.alloc(HEADER_BYTES);
    question.copy(header, 0, 0, 2);
    // A response to a recursive question, recursion available; 3: there is no such name.
    header.writeUInt16BE(0x8180 | (this.addresses.has(name) ? 0 : 3), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(found.length, 6);
    return Buffer.concat([header, question.subarray(HEADER_BYTES, end + 4), ...found.map(addressRecord)]);
  }
}

function nameIn(question: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = question[at]!; length > 0; length = question[at]!) {
    labels.push(question.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join("."), end: at + 1 };
}

function addressRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  // The name of the question.
  record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  record.writeUInt16BE(TYPE_A, 2);
  record.writeUInt16BE(CLASS_IN, 4);
  record.writeUInt32BE(TTL_SECONDS, 6);
  record.writeUInt16BE(4, 10);
  Buffer.from(address.split(".").map(Number)).copy(record, 12);
  return record;
}
