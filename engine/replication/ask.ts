import type { Socket } from "node:net";
import { connectToPeer, type PeerAddress } from "./peer-connection";
import { type Frame, FrameReader } from "./wire";

/** Sends one question to a peer and resolves with its first frame that is an answer; undefined when it is not there. */
export function ask(
  peer: PeerAddress,
  question: (socket: Socket) => void,
  isAnswer: (frame: Frame) => boolean,
  onRefused: (notice: string) => void = () => {},
): Promise<Frame | undefined> {
  return new Promise((resolve) => {
    const socket = connectToPeer(peer, question, onRefused);
    let answer: Frame | undefined;
    const reader = new FrameReader((frame) => {
      if (answer || !isAnswer(frame)) return;
      answer = frame;
      socket.destroy();
    });
    socket.setTimeout(peer.timeoutMs, () => socket.destroy());
    socket.on("data", (chunk) => reader.push(chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(answer));
  });
}
