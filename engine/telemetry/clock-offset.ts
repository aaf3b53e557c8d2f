import { createSocket } from "node:dgram";

/** Seconds between 1900 (NTP) and 1970 (Unix). */
const NTP_EPOCH_SECONDS = 2_208_988_800;
const PACKET_BYTES = 48;
/** Client request, version 4 (RFC 5905 7.3). */
const CLIENT_V4 = 0b00_100_011;
const TIMEOUT_MS = 1_000;
/** A stratum above this is not synchronised itself. */
const STRATUM_MAX = 15;

export interface ClockReading {
  /** Seconds that the reference is ahead of this machine's clock. */
  readonly offsetSeconds: number;
  /** The offset is known to within half of this. */
  readonly roundTripSeconds: number;
}

const nowSeconds = (): number => (performance.timeOrigin + performance.now()) / 1000;

/** Asks a time server once, e.g. Amazon's at 169.254.169.123:123, and compares. */
export function readClockOffset(server: string, clock: () => number = nowSeconds): Promise<ClockReading> {
  const [host, port] = server.split(":");
  const socket = createSocket("udp4");
  return new Promise<ClockReading>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`time server ${server} does not respond`)), TIMEOUT_MS);
    const request = Buffer.alloc(PACKET_BYTES);
    request[0] = CLIENT_V4;
    const sent = clock();
    writeTimestamp(request, 40, sent);
    socket.once("error", reject);
    socket.on("message", (reply) => {
      const received = clock();
      // An answer to an older question, or made up, does not repeat our timestamp.
      if (reply.length < PACKET_BYTES || !reply.subarray(24, 32).equals(request.subarray(40, 48))) return;
      clearTimeout(timer);
      const stratum = reply[1] ?? 0;
      if (stratum === 0 || stratum > STRATUM_MAX) return reject(new Error(`time server ${server} is not synchronised`));
      resolve(compare(sent, readTimestamp(reply, 32), readTimestamp(reply, 40), received));
    });
    socket.send(request, Number(port), host, (error) => error && reject(error));
  }).finally(() => socket.close());
}

/** RFC 5905 8: the four timestamps of one exchange. */
function compare(sent: number, arrived: number, answered: number, received: number): ClockReading {
  return {
    offsetSeconds: (arrived - sent + (answered - received)) / 2,
    roundTripSeconds: received - sent - (answered - arrived),
  };
}

function writeTimestamp(packet: Buffer, offset: number, unixSeconds: number): void {
  const seconds = Math.floor(unixSeconds);
  packet.writeUInt32BE(seconds + NTP_EPOCH_SECONDS, offset);
  packet.writeUInt32BE(Math.floor((unixSeconds - seconds) * 2 ** 32), offset + 4);
}

function readTimestamp(packet: Buffer, offset: number): number {
  return packet.readUInt32BE(offset) - NTP_EPOCH_SECONDS + packet.readUInt32BE(offset + 4) / 2 ** 32;
}
