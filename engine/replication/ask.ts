import type { Socket } from "node:net";
import { connect } from "node:net";
import { parseAddress } from "./address";
import { type Frame, FrameReader } from "./wire";

/** Sends one question to a peer and resolves with its first frame that is an answer; undefined when it is not there. */
export function ask(
  peer: string,
  timeoutMs: number,
  question: (socket: Socket) => void,
  isAnswer: (frame: Frame) => boolean,
): Promise<Frame | undefined> {
  return new Promise((resolve) => {
    const socket = connect(parseAddress(peer));
    let answer: Frame | undefined;
    const reader = new FrameReader((frame) => {
      if (answer || !isAnswer(frame)) return;
      answer = frame;
      socket.destroy();
    });
    socket.setTimeout(timeoutMs, () => socket.destroy());
    socket.on("data", (chunk) => reader.push(chunk));
    socket.on("connect", () => question(socket));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(answer));
  });
}
