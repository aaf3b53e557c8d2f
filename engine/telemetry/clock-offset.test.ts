import { createSocket, type Socket } from "node:dgram";
import { readClockOffset } from "./clock-offset";

const NTP_EPOCH_SECONDS = 2_208_988_800;

/** A time server whose clock is this far ahead. */
async function timeServer(
  aheadSeconds: number,
  change: (reply: Buffer) => void = () => {},
): Promise<{ socket: Socket; address: string }> {
  const socket = createSocket("udp4");
  socket.on("message", (request, from) => {
    const reply = Buffer.alloc(48);
    const now = (performance.timeOrigin + performance.now()) / 1000 + aheadSeconds;
    reply[1] = 2;
    request.copy(reply, 24, 40, 48);
    for (const offset of [32, 40]) {
      reply.writeUInt32BE(Math.floor(now) + NTP_EPOCH_SECONDS, offset);
      reply.writeUInt32BE(Math.floor((now % 1) * 2 ** 32), offset + 4);
    }
    change(reply);
    socket.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  return { socket, address: `127.0.0.1:${socket.address().port}` };
}

describe("readClockOffset", () => {
  it.each([-2.5, 0, 0.125])("finds out that the reference is %d s ahead", async (ahead) => {
    const { socket, address } = await timeServer(ahead);
    const reading = await readClockOffset(address);
    expect(Math.abs(reading.offsetSeconds - ahead)).toBeLessThanOrEqual(reading.roundTripSeconds / 2 + 1e-5);
    socket.close();
  });

  it("does not believe a server that is not synchronised", async () => {
    const { socket, address } = await timeServer(0, (reply) => reply.writeUInt8(16, 1));
    await expect(readClockOffset(address)).rejects.toThrow(/is not synchronised/);
    socket.close();
  });

  it("ignores an answer to a question that it did not ask", async () => {
    const { socket, address } = await timeServer(5, (reply) => reply.writeUInt8((reply.readUInt8(31) + 1) % 256, 31));
    await expect(readClockOffset(address)).rejects.toThrow(/does not respond/);
    socket.close();
  });
});
